// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/stream.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint8_t read_status = 0x05;
constexpr std::uint8_t busy = 0x01;
constexpr std::uint8_t write_enabled = 0x02;
constexpr nanoseconds queue_limit = std::chrono::milliseconds(250);
constexpr nanoseconds look_again = std::chrono::microseconds(50);
constexpr int attempts = 3;

void add(std::vector<SpiOp>& program, const ChipOperation& operation, nanoseconds look) {
  for (const SpiCommand& command : operation.commands) program.emplace_back(command);
  program.emplace_back(SpiPoll{.opcode = read_status,
                               .mask = busy,
                               .expect = 0,
                               .typical = look,
                               .deadline = operation.time->deadline()});
}

[[noreturn]] void still_busy(std::string_view what, nanoseconds waited, std::uint8_t status) {
  throw TimeoutError(fmt::format("{}: the chip is still busy after {:.1f} s (status {:#04x})", what,
                                 std::chrono::duration<double>(waited).count(), status),
                     status == 0xff ? "is it still connected and powered?" : "");
}

std::string name(const ChipOperation& operation) {
  return fmt::format("{} at {:#x}", operation.what, operation.offset);
}

}  // namespace

void ChipStream::run(std::span<const ChipOperation> operations, bool alone) {
  const bool streams = bus_.limits().streams;
  int failures = 0;
  for (std::size_t at = 0; at < operations.size();) {
    std::size_t done = 0;
    std::size_t count = 1;
    if (!alone && !(streams && operations[at].time->learning())) {
      nanoseconds queued = operations[at].time->expected();
      while (at + count < operations.size()) {
        const LearnedTime& time = *operations[at + count].time;
        queued += time.expected();
        if (queued > queue_limit || (streams && time.learning())) break;
        ++count;
      }
    }
    if (count == 1)
      done = run_alone(operations[at]) ? 1 : 0;
    else
      done = run_queued(operations.subspan(at, count));
    at += done;
    if (done == count) {
      failures = 0;
      continue;
    }
    ++retries_;
    failures = done == 0 ? failures + 1 : 1;
    if (failures >= attempts)
      throw DeviceError(fmt::format("{}: the chip does not execute it", name(operations[at])),
                        "the range may be write-protected, or the link too fast for the wiring");
  }
}

std::size_t ChipStream::run_queued(std::span<const ChipOperation> operations) {
  const bool streams = bus_.limits().streams;
  program_.clear();
  for (const ChipOperation& operation : operations)
    add(program_, operation,
        streams ? operation.time->stream_wait() : operation.time->first_look());
  const RunResult result = bus_.run(program_, {});
  for (std::size_t i = 0; i < operations.size(); ++i) {
    LearnedTime& time = *operations[i].time;
    if (i >= result.polls.size()) {
      wait_ready(time.deadline(), name(operations[i]));
      return i;
    }
    const PollResult& poll = result.polls[i];
    if (!poll.passed) {
      if (!streams) still_busy(name(operations[i]), poll.elapsed, poll.value);
      time.missed();
      wait_ready(time.deadline(), name(operations[i]));
      return i;
    }
    if ((poll.value & write_enabled) != 0) return i;
    if (streams)
      time.hit();
    else
      time.measured(poll.elapsed, poll.at_first_look);
  }
  return operations.size();
}

bool ChipStream::run_alone(const ChipOperation& operation) {
  const bool streams = bus_.limits().streams;
  LearnedTime& time = *operation.time;
  program_.clear();
  add(program_, operation, streams ? time.look() : time.first_look());
  const nanoseconds from = bus_.clock().now();
  const RunResult result = bus_.run(program_, {});
  const PollResult poll = result.polls.empty() ? PollResult{} : result.polls[0];
  if (!streams && !poll.passed) still_busy(name(operation), poll.elapsed, poll.value);
  if (!streams) time.measured(poll.elapsed, poll.at_first_look);
  if (streams && poll.passed) time.ready_after(poll.elapsed);
  if (poll.passed) return (poll.value & write_enabled) == 0;
  const std::uint8_t status = wait_ready(time.deadline(), name(operation));
  time.busy_after(poll.elapsed);
  // Too long by what was sent, and never too short.
  time.ready_after(bus_.clock().now() - from);
  return (status & write_enabled) == 0;
}

std::uint8_t ChipStream::wait_ready(nanoseconds deadline, std::string_view what) {
  const nanoseconds from = bus_.clock().now();
  const SpiOp poll =
      SpiPoll{.opcode = read_status, .mask = busy, .expect = 0, .deadline = deadline};
  for (;;) {
    const RunResult result = bus_.run({&poll, 1}, {});
    const std::uint8_t value = result.polls.empty() ? 0xff : result.polls.back().value;
    if (!result.polls.empty() && result.polls.back().passed) return value;
    const nanoseconds waited = bus_.clock().now() - from;
    if (waited >= deadline) still_busy(what, waited, value);
    // The longer it took, the less a little more matters: the host need not be busy too.
    bus_.clock().sleep(std::min(std::max(look_again, waited / 64), deadline - waited));
  }
}

}  // namespace romwright::flash
