// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/mpsse_bus.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/host_poll.h"

namespace romwright::flash {

using std::chrono::nanoseconds;

namespace {

/// Chunks of a stream that are under way at once: the device works on one, the next is there.
constexpr std::size_t chunks_in_flight = 3;

}  // namespace

MpsseBus::MpsseBus(StreamLink& link, Clock& clock, MpsseWire wire,
                   std::optional<MpsseHighPins> high)
    : link_(link), clock_(clock), wire_(wire), high_(high) {
  std::array<std::uint8_t, 2> answer{};
  link_.write(mpsse_sync(), answer.size(), nanoseconds(0));
  link_.read(answer);
  if (!std::ranges::equal(answer, mpsse_sync_answer))
    throw DeviceError(
        fmt::format("the FTDI device answers {} instead of faaa: it is no MPSSE", to_hex(answer)),
        "unplug it and plug it in again");
  link_.write(mpsse_settings(wire_, high_), 0, nanoseconds(0));
}

SpiLimits MpsseBus::limits() const noexcept {
  SpiLimits limits;
  limits.streams = wire_.idle_clocks;
  limits.clock_hz = wire_.clock_hz();
  return limits;
}

std::uint32_t MpsseBus::set_clock_hz(std::uint32_t hz) {
  wire_.divisor = mpsse_divisor(wire_.base_hz, hz);
  link_.write(mpsse_divisor_command(wire_.divisor), 0, nanoseconds(0));
  return wire_.clock_hz();
}

bool MpsseBus::set_sampling(SpiSampling sampling) {
  wire_.sampling = sampling;
  return true;
}

RunResult MpsseBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  return wire_.idle_clocks ? stream(program, stop) : step(program, stop);
}

RunResult MpsseBus::stream(std::span<const SpiOp> program, const std::stop_token& stop) {
  RunResult result;
  std::deque<MpsseChunk> under_way;
  const auto collect = [&] {
    const MpsseChunk chunk = std::move(under_way.front());
    under_way.pop_front();
    decode_mpsse(
        chunk, program, [this](Bytes into) { link_.read(into); }, result.polls);
    result.completed = chunk.completed;
  };
  if (stop.stop_requested()) return result;
  encode_mpsse(program, wire_, [&](MpsseChunk&& chunk) {
    link_.write(chunk.out, chunk.answer_bytes, chunk.time);
    chunk.out = {};
    under_way.push_back(std::move(chunk));
    while (under_way.size() >= chunks_in_flight) collect();
    return !stop.stop_requested();
  });
  while (!under_way.empty()) collect();
  return result;
}

RunResult MpsseBus::step(std::span<const SpiOp> program, const std::stop_token& stop) {
  RunResult result;
  nanoseconds last = clock_.now();
  for (std::size_t i = 0; i < program.size();) {
    if (stop.stop_requested()) return result;
    std::size_t commands = 0;
    while (i + commands < program.size() &&
           std::holds_alternative<SpiCommand>(program[i + commands]))
      ++commands;
    if (commands != 0) {
      const RunResult part = stream(program.subspan(i, commands), stop);
      link_.flush();
      last = clock_.now();
      i += part.completed;
      result.completed = i;
      continue;
    }
    if (const auto* wait = std::get_if<SpiWait>(&program[i])) {
      link_.flush();
      clock_.sleep(wait->time);
    } else {
      PollResult seen = poll(program[i], last);
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed) return result;
    }
    result.completed = ++i;
  }
  return result;
}

PollResult MpsseBus::poll(const SpiOp& op, nanoseconds since) {
  const auto& wanted = std::get<SpiPoll>(op);
  SpiPoll look = wanted;
  look.typical = nanoseconds(0);
  const SpiOp status = look;
  return poll_on_host(wanted, clock_, since, [&](std::uint8_t) {
    return stream({&status, 1}, {}).polls.at(0).value;
  });
}

void MpsseBus::release() {
  link_.write(mpsse_release(high_), 0, nanoseconds(0));
  link_.flush();
}

}  // namespace romwright::flash
