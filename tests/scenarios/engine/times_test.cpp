// SPDX-License-Identifier: GPL-2.0-or-later
// The engine against the floor that chip and wire set, in virtual time (flash-engine.md).
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {
namespace {

using Seconds = std::chrono::duration<double>;

/// The typical times of the W25Q64FV's data sheet, and one bit a clock.
double floor_seconds(double hz, double blocks, double pages) {
  return 2 * 8 * 8388608.0 / hz + 0.150 * blocks + (0.0007 + 8 * (256 + 4) / hz) * pages;
}

struct Setting {
  const char* name;
  SimLink link;
  std::uint32_t hz;
  double all, block, written;  // seconds, at most
};

/// Round trips that a link which waits for each of the three operations of a page adds.
double waits(const SimLink& link, double pages) {
  return link.streams ? 0 : 3 * Seconds(link.round_trip).count() * pages;
}

// For the ideal link 1.05 times the floor; for the FT2232H what a stream has to reach.
const double all_floor = floor_seconds(30e6, 128, 32768);
const double block_floor = floor_seconds(30e6, 1, 256);
const Setting settings[] = {
    {"Ideal", ideal_link, 30'000'000, 1.05 * all_floor, 1.05 * block_floor, 2.9},
    {"Ft2232h", ft2232h_link, 30'000'000, 52.0, 5.1, 2.9},
    {"Serprog", serprog_link, 24'000'000,
     1.05 * (floor_seconds(24e6, 128, 32768) + waits(serprog_link, 32768)), 6.7, 3.6},
};

class Times : public ::testing::TestWithParam<Setting> {
 protected:
  Times() : bench("W25Q64FV", GetParam().link, GetParam().hz) {
    bench.content = random_bytes(bench.chip.size, 1);
    image = bench.content;
  }
  double write(WriteOptions options = {}) {
    Plugged plugged(bench);
    plugged.open();
    const auto from = plugged.clock.now();
    report = plugged.write(image, std::move(options));
    EXPECT_EQ(bench.content, image);
    const double seconds = Seconds(plugged.clock.now() - from).count();
    RecordProperty("seconds", std::to_string(seconds));
    EXPECT_NEAR(
        Seconds(report.times.read + report.times.erase + report.times.program + report.times.verify)
            .count(),
        seconds, 0.01);
    return seconds;
  }
  void change_block() {
    for (std::size_t i = 0x230000; i < 0x240000; ++i)
      image[i] = static_cast<std::uint8_t>(~image[i]);
  }
  Bench bench;
  Buffer image;
  WriteReport report;
};

TEST_P(Times, FullReplacement) {
  for (std::uint8_t& byte : image) byte = static_cast<std::uint8_t>(~byte);
  const double seconds = write();
  EXPECT_LE(seconds, GetParam().all) << seconds / all_floor;
  EXPECT_EQ(report.erased_bytes, bench.chip.size);
}

TEST_P(Times, OneBlockDiffers) {
  change_block();
  EXPECT_LE(write(), GetParam().block);
  EXPECT_EQ(report.erased_bytes, 0x10000U);
  EXPECT_EQ(report.verified_bytes, bench.chip.size);
}

TEST_P(Times, OneBlockDiffersVerifyWritten) {
  change_block();
  EXPECT_LE(write({.verify = Verify::written}), GetParam().written);
  EXPECT_EQ(report.verified_bytes, 0x10000U);
  EXPECT_FALSE(report.verified_full);
}

TEST_P(Times, SlowerAndFasterThanTypical) {
  change_block();
  Buffer original = bench.content;
  for (const double slow : {0.5, 3.0}) {
    bench.content = original;
    Plugged plugged(bench, Faults{.slow = slow});
    const WriteReport done = plugged.write(image);
    EXPECT_EQ(bench.content, image);
    EXPECT_EQ(done.rewritten_blocks, 0U);
    const double chip = (0.150 + 256 * 0.0007) * slow;
    const double taken = Seconds(done.times.erase + done.times.program).count();
    const double wire = 256 * 260 * 8.0 / GetParam().hz + waits(GetParam().link, 257);
    EXPECT_LE(taken, 1.1 * chip + wire + 0.05) << slow;
  }
}

INSTANTIATE_TEST_SUITE_P(Links, Times, ::testing::ValuesIn(settings),
                         [](const auto& link) { return link.param.name; });

}  // namespace
}  // namespace romwright::flash::scenario
