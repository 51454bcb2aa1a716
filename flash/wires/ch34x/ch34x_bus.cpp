// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/ch34x_bus.h"

#include <deque>

#include "flash/wires/spi_bytes.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

/// Beyond it the host sleeps, and USB with it.
constexpr nanoseconds longest_device_wait = std::chrono::milliseconds(4);
/// So much is moved before the answers are waited for: it bounds memory, and how long a stop takes.
constexpr std::size_t batch = 128U << 10;

/// A poll whose answer is not yet there.
struct Look {
  PollResult result;
  SpiPoll poll;
  std::uint8_t value = 0;
};

}  // namespace

Ch34xBus::Ch34xBus(BulkPipe& pipe, Clock& clock, std::unique_ptr<Ch34xProtocol> protocol)
    : pipe_(pipe), clock_(clock), protocol_(std::move(protocol)) {
  protocol_->start();
  exchange();
}

SpiLimits Ch34xBus::limits() const noexcept {
  SpiLimits limits;
  limits.max_in = batch;
  limits.max_out = batch;
  limits.streams = true;
  limits.clock_hz = protocol_->clock_hz();
  return limits;
}

std::uint32_t Ch34xBus::set_clock_hz(std::uint32_t hz) {
  const std::uint32_t before = protocol_->clock_hz();
  const std::uint32_t now = protocol_->set_clock_hz(hz);
  if (now != before) {
    protocol_->start();
    exchange();
  }
  return now;
}

void Ch34xBus::release() {
  protocol_->release();
  exchange();
}

void Ch34xBus::exchange() {
  try {
    pipe_.exchange(protocol_->transfers().parts(), *protocol_);
  } catch (...) {
    protocol_->clear();
    throw;
  }
  protocol_->transfers().clear();
}

RunResult Ch34xBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  RunResult result;
  std::deque<Look> looks;
  std::size_t queued = 0;
  std::size_t moved = 0;
  nanoseconds since{0};  // at least so much after the end of the last command
  const auto drain = [&] {
    if (queued == 0) return;
    protocol_->finish();
    exchange();
    result.completed += queued;
    queued = moved = 0;
  };
  const auto pause = [&](nanoseconds time) {
    if (time <= longest_device_wait) {
      since += protocol_->wait(time);
      return;
    }
    drain();
    const nanoseconds from = clock_.now();
    clock_.sleep(time);
    since += clock_.now() - from;
  };
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (stop.stop_requested()) break;
    if (moved >= batch) drain();
    if (const auto* command = std::get_if<SpiCommand>(&program[i])) {
      out_.clear();
      append_out(out_, *command);
      protocol_->cycle(out_, command->in);
      moved += out_.size() + command->in.size();
      since = nanoseconds(0);
    } else if (const auto* wait = std::get_if<SpiWait>(&program[i])) {
      pause(wait->time);
    } else {
      Look look{.poll = std::get<SpiPoll>(program[i])};
      if (look.poll.typical > since) pause(look.poll.typical - since);
      look.result.op = i;
      look.result.elapsed = since;
      looks.push_back(look);
      protocol_->cycle({&look.poll.opcode, 1}, {&looks.back().value, 1});
      moved += 2;
    }
    ++queued;
  }
  drain();
  for (Look& look : looks) {
    look.result.value = look.value;
    look.result.passed = (look.value & look.poll.mask) == look.poll.expect;
    result.polls.push_back(look.result);
  }
  return result;
}

}  // namespace romwright::flash
