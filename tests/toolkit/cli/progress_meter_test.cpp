// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/progress_meter.h"

#include <gtest/gtest.h>

namespace romwright::cli {
namespace {

using namespace std::chrono_literals;

constexpr ProgressMeter::Time start{};

TEST(ProgressMeter, MeasuresWhatIsNotPlanned) {
  ProgressMeter meter;
  const Estimate first = meter.update({"reading", 0, 8 << 20}, start);
  EXPECT_TRUE(first.begun);
  EXPECT_EQ(first.percent, 0U);
  EXPECT_FALSE(first.rate);
  EXPECT_FALSE(first.left) << "nothing tells yet";
  const Estimate later = meter.update({"reading", 2 << 20, 8 << 20}, start + 4s);
  EXPECT_FALSE(later.begun);
  EXPECT_EQ(later.percent, 25U);
  EXPECT_EQ(later.rate, 512.0 * 1024);
  EXPECT_EQ(later.left, 12s);
  const Estimate last = meter.update({"reading", 8 << 20, 8 << 20}, start + 16s);
  EXPECT_TRUE(last.finished);
  EXPECT_FALSE(last.left);
}

TEST(ProgressMeter, TooLittleTimeTellsNothing) {
  ProgressMeter meter;
  meter.update({"reading", 0, 100}, start);
  const Estimate soon = meter.update({"reading", 50, 100}, start + 100ms);
  EXPECT_FALSE(soon.rate);
  EXPECT_FALSE(soon.left);
}

TEST(ProgressMeter, GoesByThePlanAndThenByItsPace) {
  ProgressMeter meter;
  const auto at = [](std::uint64_t done, std::chrono::seconds planned) {
    return Progress{.phase = "writing",
                    .done = done,
                    .total = 1000,
                    .planned_done = planned,
                    .planned_total = 100s};
  };
  // Half of the bytes, but most of the time is still to come.
  EXPECT_EQ(meter.update(at(0, 0s), start).left, 100s);
  const Estimate half = meter.update(at(500, 10s), start + 10s);
  EXPECT_EQ(half.percent, 10U);
  EXPECT_EQ(half.left, 90s);
  // The chip takes twice as long as its data sheet says: 42 s of the pace's 22 s.
  const Estimate slow = meter.update(at(600, 20s), start + 42s);
  EXPECT_EQ(slow.percent, 20U);
  EXPECT_EQ(slow.left, 80s * 2);
}

TEST(ProgressMeter, BeginsAnewWithEachPhase) {
  ProgressMeter meter;
  meter.update({"reading", 0, 100}, start);
  meter.update({"reading", 100, 100}, start + 1s);
  EXPECT_TRUE(meter.update({"reading", 0, 100}, start + 1s).begun) << "a second reading";
  const Estimate other = meter.update({"verifying", 0, 100}, start + 10s);
  EXPECT_TRUE(other.begun);
  EXPECT_EQ(meter.update({"verifying", 50, 100}, start + 15s).left, 5s);
}

TEST(ProgressMeter, TextsAreWhole) {
  EXPECT_EQ(clock_text(0s), "0:00");
  EXPECT_EQ(clock_text(4200ms), "0:05");
  EXPECT_EQ(clock_text(760s), "12:40");
  EXPECT_EQ(clock_text(3723s), "1:02:03");
  Estimate estimate;
  estimate.percent = 40;
  estimate.share = 0.4;
  estimate.rate = 312.0 * 1024;
  estimate.left = 13s;
  const Progress reading{"reading", 40, 100};
  EXPECT_EQ(bar_text(reading, estimate, 79),
            "reading      [############                  ]  40 %  312 KiB/s  0:13 left");
  EXPECT_EQ(bar_text(reading, estimate, 53),
            "reading      [####      ]  40 %  312 KiB/s  0:13 left");
  EXPECT_EQ(bar_text(reading, estimate, 38), "reading 40 %  312 KiB/s  0:13 left");
  EXPECT_EQ(bar_text(reading, estimate, 23), "reading 40 %  312 KiB/s");
  EXPECT_EQ(bar_text(reading, estimate, 22), "reading 40 %");
  EXPECT_EQ(bar_text(reading, estimate, 5), "readi");
  const Progress roms{.phase = "preparing", .done = 2, .total = 5, .items = "ROMs"};
  estimate.rate.reset();
  EXPECT_EQ(bar_text(roms, estimate, 79),
            "preparing    [############                  ]  40 %  2 of 5 ROMs  0:13 left");
}

}  // namespace
}  // namespace romwright::cli
