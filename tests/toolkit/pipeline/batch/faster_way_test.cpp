// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/faster_way.h"

#include <gtest/gtest.h>

namespace romwright::pipeline {
namespace {

using std::chrono::milliseconds;

/// How many of `files` go past the cache, where a file takes so long in either way.
int past_cache(FasterWay& way, int files, milliseconds through, milliseconds past) {
  int count = 0;
  for (int i = 0; i < files; ++i) {
    const bool is_past = way.is_next();
    count += is_past ? 1 : 0;
    way.tell(is_past, 1000, is_past ? past : through);
  }
  return count;
}

TEST(FasterWay, TriesBothAndStaysWithTheFasterOne) {
  FasterWay fast_disk;
  EXPECT_EQ(past_cache(fast_disk, 32, milliseconds(40), milliseconds(10)), 30);
  FasterWay slow_disk;
  EXPECT_EQ(past_cache(slow_disk, 32, milliseconds(10), milliseconds(40)), 2);
}

TEST(FasterWay, NoticesThatTimesChange) {
  FasterWay way;
  (void)past_cache(way, 32, milliseconds(10), milliseconds(40));
  EXPECT_GT(past_cache(way, 200, milliseconds(400), milliseconds(40)), 180);
}

TEST(FasterWay, EmptyFilesTellNothing) {
  FasterWay way;
  way.tell(true, 0, milliseconds(1));
  EXPECT_EQ(past_cache(way, 4, milliseconds(1), milliseconds(2)), 2);
}

}  // namespace
}  // namespace romwright::pipeline
