// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/lane_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace romwright::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MapLane lane(AreaKind kind, const std::vector<Range>& ranges) {
  MapLane made;
  for (const Range range : ranges) {
    made.areas.emplace_back().kind = kind;
    made.areas.back().range = range;
  }
  arrange_areas(made);
  return made;
}

TEST(LaneLayout, PercentagesAreExactAndShort) {
  EXPECT_EQ(percent(0, 16 << 20), "0%");
  EXPECT_EQ(percent(8 << 20, 16 << 20), "50%");
  EXPECT_EQ(percent(1, 3), "33.3333%");
  EXPECT_EQ(percent(2, 3), "66.6667%");
  EXPECT_EQ(percent(0x1000, 16 << 20), "0.0244%");
  EXPECT_EQ(percent(1, 1), "100%");
  EXPECT_EQ(percent(0, 0), "0%");
}

TEST(LaneLayout, LanesFillTheWidth) {
  EXPECT_THAT(lane_stripes({}), IsEmpty());
  const auto one = lane_stripes({lane(AreaKind::region, {{0, 1}})});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_DOUBLE_EQ(one[0].x, 0);
  EXPECT_DOUBLE_EQ(one[0].width, 100);
  const auto three =
      lane_stripes({lane(AreaKind::region, {{0, 1}}), lane(AreaKind::fmap, {{0, 4}, {1, 2}}),
                    lane(AreaKind::blocks, {{0, 1}})});
  ASSERT_EQ(three.size(), 3U);
  EXPECT_DOUBLE_EQ(three[0].x, 0);
  EXPECT_DOUBLE_EQ(three[1].x, three[0].width + 1);
  EXPECT_DOUBLE_EQ(three[2].x + three[2].width, 100);
  EXPECT_GT(three[1].width, three[0].width);
  EXPECT_LT(three[2].width, three[0].width);
}

TEST(LaneLayout, AreasReachUpToWhatLiesOnThem) {
  const MapLane nested = lane(AreaKind::fmap, {{0, 100}, {0, 50}, {10, 20}, {60, 40}});
  const auto stripes = area_stripes(nested, {20, 30});
  ASSERT_EQ(stripes.size(), 4U);
  EXPECT_DOUBLE_EQ(stripes[0].x, 20);  // one of three columns
  EXPECT_DOUBLE_EQ(stripes[0].width, 10);
  EXPECT_DOUBLE_EQ(stripes[1].x, 30);
  EXPECT_DOUBLE_EQ(stripes[1].width, 10);
  EXPECT_DOUBLE_EQ(stripes[2].x, 40);
  EXPECT_DOUBLE_EQ(stripes[2].width, 10);
  EXPECT_DOUBLE_EQ(stripes[3].x, 30);  // nothing lies on it: two columns
  EXPECT_DOUBLE_EQ(stripes[3].width, 20);
}

TEST(LaneLayout, TicksAreRoundAndApart) {
  EXPECT_THAT(axis_ticks(16 << 20, 800, 200), ElementsAre(0, 4 << 20, 8 << 20, 12 << 20));
  EXPECT_THAT(axis_ticks(0x3000, 800, 300), ElementsAre(0, 0x2000));
  EXPECT_THAT(axis_ticks(0, 800, 40), IsEmpty());
  EXPECT_THAT(axis_ticks(1, 800, 40), ElementsAre(0));
  for (std::uint64_t extent = 1; extent < std::uint64_t{1} << 40; extent *= 3)
    EXPECT_LE(axis_ticks(extent, 800, 40).size(), 21U) << extent;
}

}  // namespace
}  // namespace romwright::pipeline
