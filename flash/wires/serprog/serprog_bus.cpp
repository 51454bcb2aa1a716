// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/serprog_bus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/host_poll.h"
#include "flash/wires/spi_bytes.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds patience = std::chrono::seconds(2);
/// A page program, a wait and its poll. Where they are not under way together, what a wait must
/// be depends on the host's own delays, and cannot be known beforehand.
constexpr std::size_t smallest_stream = 300;
/// Reads are cut so that a run can be stopped.
constexpr std::uint32_t longest_read_in = 64U << 10;
constexpr std::uint32_t header = 5;  // opcode and the longest address
/// A device that reads less at once would be asked more often than the host could wait.
constexpr std::uint32_t fewest_readings = 64;
/// Beyond it the host waits: a round trip is nothing then.
constexpr nanoseconds longest_read_through = std::chrono::milliseconds(20);
constexpr std::uint64_t first_trial = 64, largest_trial = 16384;  // readings
constexpr nanoseconds long_trial = std::chrono::milliseconds(3);
constexpr int trials = 3;
constexpr double fastest_reading = 50;      // nanoseconds: 160 MHz
constexpr double unknown_wire_part = 0.8;   // of a reading, where the device tells no clock
constexpr double host_overshoot = 100'000;  // nanoseconds by which a sleep is too long
constexpr std::uint8_t read_status_register = 0x05;

}  // namespace

SerprogBus::SerprogBus(SerprogConversation& conversation, SerprogDevice device)
    : conversation_(conversation), device_(std::move(device)) {}

SpiLimits SerprogBus::limits() const noexcept {
  SpiLimits limits;
  limits.max_out = device_.longest_write > header ? device_.longest_write - header : 1;
  limits.max_in = std::min(device_.longest_read, longest_read_in);
  limits.streams = streams();
  limits.clock_hz = clock_hz_;
  return limits;
}

std::uint32_t SerprogBus::set_clock_hz(std::uint32_t hz) {
  if (!device_.commands.has(Serprog::set_clock)) return clock_hz_;
  if (conversation_.lost()) conversation_.synchronize();
  Buffer bytes;
  append_serprog(bytes, Serprog::set_clock, std::max(hz, 1U));
  std::array<std::uint8_t, 4> answer{};
  if (!conversation_.ask(bytes, answer, patience))
    throw DeviceError(fmt::format("{}: the serprog device refuses {} {}",
                                  conversation_.link().name(), serprog_name(Serprog::set_clock),
                                  hz));
  reading_.reset();
  clock_hz_ = load_le<std::uint32_t>(answer);
  return clock_hz_;
}

bool SerprogBus::streams() const noexcept {
  return !device_.window || *device_.window >= smallest_stream;
}

RunResult SerprogBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  if (conversation_.lost()) conversation_.synchronize();
  return streams() ? stream(program, stop) : step(program, stop);
}

RunResult SerprogBus::step(std::span<const SpiOp> program, const std::stop_token& stop) {
  RunResult result;
  Time last = clock().now();
  for (std::size_t i = 0; i < program.size() && !stop.stop_requested(); ++i) {
    if (const auto* one = std::get_if<SpiCommand>(&program[i])) {
      command(*one);
      result.completed = i + 1;
      continue;
    }
    if (i > 0 && std::holds_alternative<SpiCommand>(program[i - 1])) {
      conversation_.finish();
      last = clock().now();
    }
    if (const auto* pause = std::get_if<SpiWait>(&program[i])) {
      clock().sleep(pause->time);
    } else {
      PollResult seen =
          poll_on_host(std::get<SpiPoll>(program[i]), clock(), last, [this](std::uint8_t opcode) {
            StatusReading reading;
            read_status(reading, opcode, 1);
            conversation_.finish();
            return reading.last;
          });
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed) return result;
    }
    result.completed = i + 1;
  }
  conversation_.finish();
  return result;
}

RunResult SerprogBus::stream(std::span<const SpiOp> program, const std::stop_token& stop) {
  if (needs_calibration(program)) calibrate();
  RunResult result;
  std::deque<Look> looks;
  Time waited{0};  // since the last command
  Time owed{0};    // what a wait left to the poll behind it
  for (std::size_t i = 0; i < program.size() && !stop.stop_requested(); ++i) {
    if (const auto* one = std::get_if<SpiCommand>(&program[i])) {
      command(*one);
      waited = Time(0);
    } else if (const auto* pause = std::get_if<SpiWait>(&program[i])) {
      // Where a poll follows, the status may be read meanwhile; else nothing may touch the chip.
      if (i + 1 < program.size() && std::holds_alternative<SpiPoll>(program[i + 1])) {
        owed = pause->time;
      } else {
        wait(pause->time);
        waited += pause->time;
      }
    } else {
      const auto& wanted = std::get<SpiPoll>(program[i]);
      const Time time = std::max({wanted.typical - waited, owed, Time(0)});
      waited += time;
      looks.push_back({i, wanted.mask, wanted.expect, waited, {}});
      poll(wanted.opcode, time, looks.back().reading);
      owed = Time(0);
    }
    ++result.completed;
  }
  conversation_.finish();
  for (const Look& look : looks) {
    const std::uint8_t value = look.reading.last;
    result.polls.push_back({look.op, value, look.elapsed, (value & look.mask) == look.expect});
  }
  return result;
}

void SerprogBus::command(const SpiCommand& command) {
  const std::uint64_t out = header_size(command) + command.out.size();
  if (out > device_.longest_write || command.in.size() > device_.longest_read)
    throw DeviceError(
        fmt::format("{}: {} bytes out and {} in are more than the serprog device takes at once",
                    conversation_.link().name(), out, command.in.size()));
  out_.clear();
  append_serprog(out_, command);
  conversation_.queue(out_, command.in, wire_time(out + command.in.size()));
}

/// Chip-select is high all the time.
void SerprogBus::wait(Time time) {
  if (device_.delays) return delay(time);
  if (time.count() <= 0) return;
  conversation_.finish();
  clock().sleep(time);
}

void SerprogBus::delay(Time time) {
  constexpr auto longest = std::chrono::microseconds(std::numeric_limits<std::uint32_t>::max());
  while (time.count() > 0) {
    const auto part = std::min(std::chrono::ceil<std::chrono::microseconds>(time),
                               std::chrono::duration_cast<std::chrono::microseconds>(longest));
    out_.clear();
    append_serprog(out_, Serprog::delay, static_cast<std::uint32_t>(part.count()));
    conversation_.queue(out_);
    out_.clear();
    append_serprog(out_, Serprog::execute_operations);
    conversation_.queue(out_, {}, part);
    time -= part;
  }
}

/// Whether it costs less than a wait of the host, which a round trip comes with.
bool SerprogBus::reads_through(Time time) const {
  if (!reading_) return false;
  const double nanoseconds = static_cast<double>(time.count());
  return nanoseconds / reading_->shortest * reading_->real <=
         nanoseconds + 2 * reading_->round_trip + host_overshoot;
}

/// Measured before the run that needs it: within, the chip would be ready meanwhile.
bool SerprogBus::needs_calibration(std::span<const SpiOp> program) const {
  return !reading_ && !device_.delays && device_.longest_read >= fewest_readings &&
         std::ranges::any_of(program, [](const SpiOp& op) {
           const auto* poll = std::get_if<SpiPoll>(&op);
           return std::holds_alternative<SpiWait>(op) ||
                  (poll != nullptr && poll->typical.count() > 0);
         });
}

void SerprogBus::poll(std::uint8_t opcode, Time time, StatusReading& reading) {
  std::uint64_t readings = 1;
  if (time.count() > 0 && time <= longest_read_through && !device_.delays && reads_through(time))
    readings += static_cast<std::uint64_t>(static_cast<double>(time.count()) / reading_->shortest);
  else
    wait(time);
  read_status(reading, opcode, readings);
}

void SerprogBus::read_status(StatusReading& reading, std::uint8_t opcode, std::uint64_t count) {
  while (count > 0) {
    const auto part =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, device_.longest_read));
    out_.clear();
    append_serprog_status(out_, opcode, part);
    const double each = reading_ ? reading_->real : static_cast<double>(wire_time(1).count());
    conversation_.queue(out_, reading, part,
                        Time(static_cast<Time::rep>(static_cast<double>(part) * each)));
    count -= part;
  }
}

SerprogBus::Time SerprogBus::wire_time(std::uint64_t bytes) const {
  if (clock_hz_ == 0) return Time(0);
  return Time(static_cast<Time::rep>(bytes * 8 * 1'000'000'000 / clock_hz_));
}

/// Measures what one reading costs: wire, device and link have their part in it, of which the chip
/// sees the wire's for sure.
void SerprogBus::calibrate() {
  const auto measure = [&](std::uint64_t count) {
    Time shortest = Time::max();
    for (int i = 0; i < trials; ++i) {
      conversation_.finish();
      StatusReading ignored;
      const Time from = clock().now();
      read_status(ignored, read_status_register, count);
      conversation_.finish();
      shortest = std::min(shortest, clock().now() - from);
    }
    return shortest;
  };
  const Time base = measure(1);
  std::uint64_t count = first_trial;
  Time time = measure(count) - base;
  while (time < long_trial && count < largest_trial) {
    count *= 4;
    time = measure(count) - base;
  }
  const double real = static_cast<double>(time.count()) / static_cast<double>(count);
  const double wire = clock_hz_ != 0 ? 8e9 / clock_hz_ : real * unknown_wire_part;
  reading_ = {.shortest = std::max(wire, fastest_reading),
              .real = std::max({real, wire, fastest_reading}),
              .round_trip = static_cast<double>(base.count())};
}

void SerprogBus::release() {
  if (!device_.commands.has(Serprog::set_pins) || conversation_.lost()) return;
  Buffer bytes;
  append_serprog(bytes, Serprog::set_pins, std::uint8_t{0});
  conversation_.ask(bytes, {}, patience);
}

}  // namespace romwright::flash
