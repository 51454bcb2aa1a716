// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/host_poll.h"

#include <algorithm>

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds shortest_pause = std::chrono::microseconds(20);
constexpr nanoseconds longest_pause = std::chrono::milliseconds(10);
constexpr int first_part = 256;  // of what is over: how late the end may be noticed

}  // namespace

PollResult poll_on_host(const SpiPoll& poll, Clock& clock, nanoseconds since,
                        const std::function<std::uint8_t(std::uint8_t opcode)>& look) {
  PollResult result;
  const nanoseconds first = since + poll.typical - clock.now();
  if (first.count() > 0) clock.sleep(first);
  nanoseconds pause{0};
  for (bool first_look = true;; first_look = false) {
    result.value = look(poll.opcode);
    result.elapsed = clock.now() - since;
    result.passed = (result.value & poll.mask) == poll.expect;
    result.at_first_look = result.passed && first_look;
    if (result.passed || result.elapsed >= poll.deadline) return result;
    pause = std::clamp(std::max(pause + pause / 4, result.elapsed / first_part), shortest_pause,
                       longest_pause);
    clock.sleep(std::min(pause, poll.deadline - result.elapsed));
  }
}

}  // namespace romwright::flash
