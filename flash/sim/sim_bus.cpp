// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/sim_bus.h"

#include <algorithm>

#include "flash/base/error.h"

namespace romwright::flash {

using std::chrono::nanoseconds;

SimBus::SimBus(NorModel& model, VirtualClock& clock, SimLink link, std::uint32_t clock_hz,
               const Faults& faults)
    : model_(model),
      clock_(clock),
      link_(link),
      clock_hz_(clock_hz),
      fastest_hz_(clock_hz),
      drop_after_(faults.drop_after),
      carries_hz_(faults.carries) {}

std::uint32_t SimBus::set_clock_hz(std::uint32_t hz) {
  clock_hz_ = std::clamp<std::uint32_t>(hz, 1, fastest_hz_);
  return clock_hz_;
}

SpiLimits SimBus::limits() const noexcept {
  SpiLimits limits;
  limits.streams = link_.streams;
  limits.clock_hz = clock_hz_;
  return limits;
}

SimBus::Nanoseconds SimBus::wire_time(std::uint64_t bytes) const {
  const std::uint64_t wire = bytes * 8 * 1'000'000'000 / clock_hz_;
  const std::uint64_t link =
      link_.bytes_per_second != 0 ? bytes * 1'000'000'000 / link_.bytes_per_second : 0;
  return nanoseconds(static_cast<std::int64_t>(std::max(wire, link)));
}

void SimBus::spend(std::uint64_t bytes) {
  bytes_ += bytes;
  if (drop_after_ != 0 && bytes_ > drop_after_)
    throw DeviceError("the simulated link broke", "is the cable plugged in?");
  clock_.advance(wire_time(bytes));
}

void SimBus::transfer(const SpiCommand& command) {
  out_.clear();
  out_.push_back(command.opcode);
  for (unsigned i = command.address_bytes; i-- > 0;)
    out_.push_back(static_cast<std::uint8_t>(command.address >> (8 * i)));
  out_.insert(out_.end(), command.dummy_bytes, 0);
  out_.insert(out_.end(), command.out.begin(), command.out.end());
  spend(out_.size() + command.in.size());
  model_.cycle(out_, command.in);
  if (carries_hz_ == 0 || clock_hz_ <= carries_hz_) return;
  // The edges blur: every so many bytes a bit is taken for its neighbour.
  constexpr std::uint64_t every = 61;
  for (std::uint8_t& byte : command.in)
    if (++read_bytes_ % every == 0) byte ^= 0x10;
}

std::uint8_t SimBus::read_status(const SpiPoll& poll) {
  std::uint8_t value = 0;
  transfer({.opcode = poll.opcode, .in = {&value, 1}});
  return value;
}

PollResult SimBus::poll(const SpiPoll& poll, Nanoseconds since) {
  PollResult result;
  clock_.advance(poll.typical - (clock_.now() - since));
  const Nanoseconds step = wire_time(2) + (link_.streams ? nanoseconds(0) : link_.round_trip);
  for (bool first_look = true;; first_look = false) {
    result.value = read_status(poll);
    result.elapsed = clock_.now() - since;
    result.passed = (result.value & poll.mask) == poll.expect;
    result.at_first_look = result.passed && first_look;
    // A stream does not know the answer while it runs: it looks once.
    if (result.passed || link_.streams || result.elapsed >= poll.deadline) return result;
    // The readings in which nothing can change are not played one by one.
    const Nanoseconds change = std::min(model_.busy_until(), since + poll.deadline) - clock_.now();
    const std::int64_t readings =
        std::max<std::int64_t>(1, (change.count() + step.count() - 1) / step.count());
    clock_.advance(step * (readings - 1) + (step - wire_time(2)));
  }
}

RunResult SimBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  RunResult result;
  if (link_.streams) clock_.advance(link_.round_trip);
  Nanoseconds last = clock_.now();
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (stop.stop_requested()) return result;
    if (const auto* command = std::get_if<SpiCommand>(&program[i])) {
      if (!link_.streams) clock_.advance(link_.round_trip);
      transfer(*command);
      last = clock_.now();
    } else if (const auto* wait = std::get_if<SpiWait>(&program[i])) {
      clock_.advance(wait->time);
    } else {
      PollResult seen = poll(std::get<SpiPoll>(program[i]), last);
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed && !link_.streams) return result;
    }
    ++result.completed;
  }
  return result;
}

}  // namespace romwright::flash
