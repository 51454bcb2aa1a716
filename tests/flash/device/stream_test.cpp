// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/stream.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/device/learned_time.h"
#include "tests/flash/device/fake_nor.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using test::FakeNor;
using namespace std::chrono_literals;

std::vector<ChipOperation> page_programs(ConstBytes data, LearnedTime& time) {
  std::vector<ChipOperation> operations;
  for (std::size_t at = 0; at < data.size(); at += 256)
    operations.push_back(
        {{SpiCommand{.opcode = 0x06}, SpiCommand{.opcode = 0x02,
                                                 .address_bytes = 3,
                                                 .address = static_cast<std::uint32_t>(at),
                                                 .out = data.subspan(at, 256)}},
         &time,
         "page program",
         at});
  return operations;
}

TEST(LearnedTime, OfABusThatWaits) {
  LearnedTime time(5ms);
  EXPECT_EQ(time.expected(), 5ms);
  EXPECT_EQ(time.deadline(), 5s);
  EXPECT_EQ(time.first_look(), 0ns);
  for (const auto measured : {700us, 690us, 710us, 700us}) time.measured(measured, false);
  EXPECT_LT(time.first_look(), 690us);
  EXPECT_GT(time.first_look(), 650us);
  EXPECT_EQ(time.expected(), 700us);
  EXPECT_EQ(LearnedTime(4s).deadline(), 12s);
}

TEST(LearnedTime, AHostThatIsLateDoesNotMakeTheChipSlow) {
  LearnedTime time(5ms);
  // The chip needs 700 us; each look comes 250 us late, and another one takes as long.
  std::chrono::nanoseconds spent{0};
  for (int i = 0; i < 2000; ++i) {
    const auto first = time.first_look() + 250us;
    const auto seen = first >= 700us ? first : first + 250us * ((700us - first) / 250us + 1);
    time.measured(seen, seen == first);
    spent += seen;
  }
  EXPECT_LT(spent / 2000, 800us);
}

/// Operations that run alone until the time is known; each takes `takes`, an answer 200 us.
int learn(LearnedTime& time, std::chrono::nanoseconds takes) {
  int operations = 0;
  for (; time.learning() && operations < 100; ++operations) {
    const auto look = time.look();
    if (look >= takes) {
      time.ready_after(look);
    } else {
      time.busy_after(look);
      time.ready_after(takes + 200us);
    }
  }
  return operations;
}

TEST(LearnedTime, OfAStreamIsFoundByHalving) {
  LearnedTime time(5ms);
  EXPECT_TRUE(time.learning());
  EXPECT_LE(learn(time, 700us), 9);
  EXPECT_GE(time.stream_wait(), 700us);
  EXPECT_LE(time.stream_wait(), 710us);
  // Slower all of a sudden.
  time.missed();
  EXPECT_TRUE(time.learning());
  EXPECT_LE(learn(time, 2100us), 9);
  EXPECT_GE(time.stream_wait(), 2100us);
  EXPECT_LE(time.stream_wait(), 2150us);
  // Faster again: noticed after a thousand operations.
  for (int i = 0; i < 60 * 1024; ++i) {
    time.hit();
    learn(time, 700us);
  }
  EXPECT_GE(time.stream_wait(), 700us);
  EXPECT_LE(time.stream_wait(), 710us);
}

TEST(LearnedTime, TheMarginIsBounded) {
  LearnedTime time(5ms);
  learn(time, 1ms);
  for (int i = 0; i < 30; ++i) {
    time.missed();
    time.ready_after(1ms + 1us);
  }
  EXPECT_LE(time.stream_wait(), 1300us);
}

TEST(ChipStream, WaitingBusesProgramInBatches) {
  FakeNor nor(1 << 20);
  ChipStream stream(nor);
  LearnedTime time(5ms);
  const Buffer data = romwright::test::pattern(0x10000, 1);
  stream.run(page_programs(data, time));
  EXPECT_TRUE(std::equal(data.begin(), data.end(), nor.content.begin()));
  EXPECT_EQ(nor.programs, 256U);
  EXPECT_EQ(stream.retries(), 0U);
  // The time is the chip's: 256 x (0.7 ms + 261 bytes), and at most 2 % for looking.
  const auto floor = 256 * (700us + 261us);
  EXPECT_GE(nor.time.now(), floor);
  EXPECT_LE(nor.time.now(), floor + floor / 50);
}

TEST(ChipStream, AStreamLearnsAloneAndQueuesAtMostAQuarterOfASecond) {
  FakeNor nor(1 << 20);
  nor.limits_.streams = true;
  ChipStream stream(nor);
  LearnedTime time(5ms);
  const Buffer data = romwright::test::pattern(0x40000, 1);
  stream.run(page_programs(data, time));
  EXPECT_TRUE(std::equal(data.begin(), data.end(), nor.content.begin()));
  EXPECT_EQ(stream.retries(), 0U);
  EXPECT_EQ(nor.programs, 1024U);
  ASSERT_GE(nor.runs.size(), 6U);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < 4; ++i) EXPECT_LE(nor.runs[i], 3U);  // alone
  for (const std::size_t run : nor.runs) longest = std::max(longest, run);
  EXPECT_LE(longest, 3U * 357);
  EXPECT_GT(longest, 3U * 300);
}

TEST(ChipStream, RunsAgainFromThePollThatFoundTheChipBusy) {
  FakeNor nor(1 << 20);
  nor.limits_.streams = true;
  ChipStream stream(nor);
  LearnedTime time(5ms);
  const Buffer data = romwright::test::pattern(0x20000, 1);
  const std::vector<ChipOperation> operations = page_programs(data, time);
  stream.run(std::span(operations).first(128));
  nor.program_time = 1500us;  // slower all of a sudden
  stream.run(std::span(operations).subspan(128));
  EXPECT_TRUE(std::equal(data.begin(), data.end(), nor.content.begin()));
  EXPECT_GT(stream.retries(), 0U);
  EXPECT_LT(stream.retries(), 5U);
}

TEST(ChipStream, AnOperationThatWasNotExecutedRunsAgain) {
  for (const bool streams : {false, true}) {
    FakeNor nor(1 << 20);
    nor.limits_.streams = streams;
    int programs = 0;
    nor.ignores = [&](std::uint8_t opcode) { return opcode == 0x02 && ++programs == 7; };
    ChipStream stream(nor);
    LearnedTime time(5ms);
    const Buffer data = romwright::test::pattern(0x2000, 1);
    stream.run(page_programs(data, time));
    EXPECT_TRUE(std::equal(data.begin(), data.end(), nor.content.begin())) << streams;
    EXPECT_EQ(stream.retries(), 1U);
  }
}

TEST(ChipStream, ChipsWithEccAreNotQueued) {
  FakeNor nor(1 << 20);
  nor.limits_.streams = true;
  ChipStream stream(nor);
  LearnedTime time(5ms);
  const Buffer data = romwright::test::pattern(0x2000, 1);
  stream.run(page_programs(data, time), true);
  for (const std::size_t run : nor.runs) EXPECT_LE(run, 3U);
  EXPECT_EQ(nor.programs, 32U);
}

TEST(ChipStream, GivesUpOnAnOperationThatIsNeverExecuted) {
  FakeNor nor(1 << 20);
  nor.ignores = [](std::uint8_t opcode) { return opcode == 0x02; };
  ChipStream stream(nor);
  LearnedTime time(5ms);
  const Buffer data(256, 0x00);
  try {
    stream.run(page_programs(data, time));
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_EQ(error.line(),
              "page program at 0x0: the chip does not execute it (the range may be "
              "write-protected, or the link too fast for the wiring)");
  }
}

TEST(ChipStream, AChipThatStaysBusyIsAnErrorNotAHang) {
  for (const bool streams : {false, true}) {
    FakeNor nor(1 << 20);
    nor.limits_.streams = streams;
    nor.dead = true;
    ChipStream stream(nor);
    LearnedTime time(5ms);
    const Buffer data(256, 0x00);
    try {
      stream.run(page_programs(data, time));
      FAIL();
    } catch (const TimeoutError& error) {
      EXPECT_EQ(error.line(),
                "page program at 0x0: the chip is still busy after 5.0 s (status 0xff) (is it "
                "still connected and powered?)");
    }
    EXPECT_GE(nor.time.now(), 5s);
    EXPECT_LE(nor.time.now(), 6s);
  }
}

}  // namespace
}  // namespace romwright::flash
