// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/serprog_bus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/spi_bytes.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds patience = std::chrono::seconds(2);
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
constexpr double fastest_byte = 100;  // nanoseconds: 80 MHz
constexpr std::uint8_t read_status_register = 0x05;

}  // namespace

SerprogBus::SerprogBus(SerprogConversation& conversation, SerprogDevice device)
    : conversation_(conversation), device_(std::move(device)) {}

SpiLimits SerprogBus::limits() const noexcept {
  SpiLimits limits;
  limits.max_out = device_.longest_write > header ? device_.longest_write - header : 1;
  limits.max_in = std::min(device_.longest_read, longest_read_in);
  limits.streams = true;
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
  byte_time_.reset();
  clock_hz_ = load_le<std::uint32_t>(answer);
  return clock_hz_;
}

RunResult SerprogBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  if (conversation_.lost()) conversation_.synchronize();
  if (needs_readings(program)) calibrate();
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
      looks.push_back({StatusWatch(wanted.mask, wanted.expect), i, waited, time});
      poll(wanted.opcode, looks.back());
      waited += time;
      owed = Time(0);
    }
    ++result.completed;
  }
  conversation_.finish();
  for (const Look& look : looks) result.polls.push_back(seen(look));
  return result;
}

PollResult SerprogBus::seen(const Look& look) const {
  Time time = look.time;
  // Read all the while, the status tells when it changed.
  if (look.dense && look.watch.passed())
    time = std::min(time,
                    Time(static_cast<Time::rep>(std::ceil(
                        static_cast<double>(look.watch.readings_until_passed()) * *byte_time_))));
  return {look.op, look.watch.last(), look.before + time, look.watch.passed()};
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

bool SerprogBus::reads_through(Time time) const {
  return !device_.delays && time.count() > 0 && time <= longest_read_through &&
         device_.longest_read >= fewest_readings;
}

/// Asked before the run: measured while the chip works, its time would be over unseen.
bool SerprogBus::needs_readings(std::span<const SpiOp> program) const {
  return !byte_time_ && !device_.delays && std::ranges::any_of(program, [&](const SpiOp& op) {
    if (const auto* pause = std::get_if<SpiWait>(&op)) return reads_through(pause->time);
    const auto* poll = std::get_if<SpiPoll>(&op);
    return poll != nullptr && reads_through(poll->typical);
  });
}

void SerprogBus::poll(std::uint8_t opcode, Look& look) {
  std::uint64_t readings = 1;
  if (device_.delays) {
    delay(look.time);
  } else if (reads_through(look.time)) {
    readings += static_cast<std::uint64_t>(static_cast<double>(look.time.count()) / *byte_time_);
    look.dense = true;
  } else {
    wait(look.time);
  }
  read_status(look.watch, opcode, readings);
}

void SerprogBus::read_status(StatusWatch& watch, std::uint8_t opcode, std::uint64_t count) {
  while (count > 0) {
    const auto part =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, device_.longest_read));
    out_.clear();
    append_serprog_status(out_, opcode, part);
    const double reading = byte_time_.value_or(static_cast<double>(wire_time(1).count()));
    conversation_.queue(out_, watch, part,
                        Time(static_cast<Time::rep>(static_cast<double>(part) * reading)));
    count -= part;
  }
}

SerprogBus::Time SerprogBus::wire_time(std::uint64_t bytes) const {
  if (clock_hz_ == 0) return Time(0);
  return Time(static_cast<Time::rep>(bytes * 8 * 1'000'000'000 / clock_hz_));
}

/// Measures how long one reading takes: the wire, the device and the link all have their part in
/// it. It need not be exact, since waits are learnt in the same measure.
void SerprogBus::calibrate() {
  const auto measure = [&](std::uint64_t count) {
    Time shortest = Time::max();
    for (int i = 0; i < trials; ++i) {
      conversation_.finish();
      StatusWatch ignored(0, 0);
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
  const double least = clock_hz_ != 0 ? std::max(8e9 / clock_hz_, 1.0) : fastest_byte;
  byte_time_ = std::max(static_cast<double>(time.count()) / static_cast<double>(count), least);
}

void SerprogBus::release() {
  if (!device_.commands.has(Serprog::set_pins) || conversation_.lost()) return;
  Buffer bytes;
  append_serprog(bytes, Serprog::set_pins, std::uint8_t{0});
  conversation_.ask(bytes, {}, patience);
}

}  // namespace romwright::flash
