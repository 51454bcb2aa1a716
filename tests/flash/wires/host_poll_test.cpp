// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/host_poll.h"

#include <vector>

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

class HostPoll : public ::testing::Test {
 protected:
  /// A chip that is ready `ready` after the start; each look takes 10 us.
  PollResult poll(const SpiPoll& wanted, nanoseconds ready) {
    return poll_on_host(wanted, clock, 0ns, [&](std::uint8_t opcode) -> std::uint8_t {
      clock.advance(10us);
      looks.push_back(clock.now());
      EXPECT_EQ(opcode, wanted.opcode);
      return clock.now() >= ready ? 0x00 : 0x03;
    });
  }
  VirtualClock clock;
  std::vector<nanoseconds> looks;
};

TEST_F(HostPoll, FirstLooksWhenItIsWorthIt) {
  const PollResult result = poll({.typical = 700us, .deadline = 5s}, 650us);
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(looks, (std::vector<nanoseconds>{710us}));
  EXPECT_EQ(result.elapsed, 710us);
  EXPECT_TRUE(result.at_first_look);
  EXPECT_FALSE(poll({.typical = 700us, .deadline = 5s}, 1650us).at_first_look);
}

TEST_F(HostPoll, DoesNotSleepWhenThatIsOver) {
  clock.advance(1ms);
  poll({.opcode = 0x35, .typical = 700us, .deadline = 5s}, 0us);
  EXPECT_EQ(looks, (std::vector<nanoseconds>{1010us}));
}

TEST_F(HostPoll, FewLooksAndLittleDelayAtEveryLength) {
  for (const nanoseconds ready :
       {nanoseconds(100us), nanoseconds(3ms), nanoseconds(150ms), nanoseconds(20s)}) {
    VirtualClock fresh;
    std::size_t count = 0;
    const PollResult result =
        poll_on_host({.deadline = 60s}, fresh, 0ns, [&](std::uint8_t) -> std::uint8_t {
          fresh.advance(10us);
          ++count;
          return fresh.now() >= ready ? 0 : 1;
        });
    EXPECT_TRUE(result.passed);
    EXPECT_LE(result.elapsed, ready + std::max<nanoseconds>(ready / 4, 40us));
    // At 10 us a look less than a twentieth of the time, beyond the first millisecond.
    EXPECT_LE(10us * count, 300us + ready / 20);
  }
}

TEST_F(HostPoll, EndsAtTheDeadline) {
  const PollResult result = poll({.typical = 1ms, .deadline = 100ms}, 1h);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.value, 3);
  EXPECT_EQ(result.elapsed, 100ms + 10us);
}

}  // namespace
}  // namespace romwright::flash
