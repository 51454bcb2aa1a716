// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/blank_runs.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_image.h"

namespace romwright::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void put_run(Buffer& image, Range range, std::uint8_t value) {
  std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(range.offset), range.size, value);
}

TEST(BlankRuns, HaveTheirExactEdges) {
  Buffer image(1000, 0x5a);
  put_run(image, {0, 16}, 0xff);
  put_run(image, {101, 16}, 0x00);
  put_run(image, {117, 40}, 0xff);
  put_run(image, {300, 15}, 0xff);
  put_run(image, {400, 20}, 0x11);
  put_run(image, {983, 17}, 0x00);
  EXPECT_THAT(blank_runs(image, 16),
              ElementsAre(BlankRun{{0, 16}, 0xff}, BlankRun{{101, 16}, 0x00},
                          BlankRun{{117, 40}, 0xff}, BlankRun{{983, 17}, 0x00}));
}

TEST(BlankRuns, OfNothingAndOfEverything) {
  EXPECT_THAT(blank_runs({}, 4096), IsEmpty());
  EXPECT_THAT(blank_runs(Buffer(4095, 0xff), 4096), IsEmpty());
  EXPECT_THAT(blank_runs(Buffer(10001, 0xff), 4096), ElementsAre(BlankRun{{0, 10001}, 0xff}));
}

TEST(BlankRuns, AreFoundWhereverTheyLie) {
  for (std::uint64_t least : {2U, 3U, 7U, 16U})
    for (std::uint64_t at = 0; at < 40; ++at) {
      Buffer image(64, 0x5a);
      put_run(image, {at, least}, 0x00);
      EXPECT_THAT(blank_runs(image, least), ElementsAre(BlankRun{{at, least}, 0x00}))
          << least << " at " << at;
    }
}

TEST(BlankRuns, OfManyTheLongerOnesStay) {
  Buffer image(1 << 20, 0x5a);
  for (std::uint64_t i = 0; i < 16; ++i)
    put_run(image, {i << 16, (i + 1) << 12}, i % 2 == 0 ? 0xff : 0x00);
  EXPECT_EQ(main_blank_runs(image, 16).size(), 16U);
  const auto runs = main_blank_runs(image, 10);  // 8 KiB drops one, 16 KiB two, 32 KiB four more
  ASSERT_EQ(runs.size(), 9U);
  EXPECT_EQ(runs.front(), (BlankRun{{7U << 16, 8U << 12}, 0x00}));
}

}  // namespace
}  // namespace romwright::pipeline
