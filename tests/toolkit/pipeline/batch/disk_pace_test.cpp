// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/disk_pace.h"

#include <gtest/gtest.h>

namespace romwright::pipeline {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t megabyte = 1'000'000;

/// How many of `files` of 16 MB go past the cache, on a disk that takes so long for one.
int past_cache(DiskPace& pace, int files, milliseconds time) {
  int count = 0;
  for (int i = 0; i < files; ++i) {
    if (!pace.begin()) continue;
    ++count;
    pace.tell(16 * megabyte, time);
  }
  return count;
}

TEST(DiskPace, AFastDiskNeedsNoCache) {
  DiskPace pace;
  EXPECT_EQ(past_cache(pace, 100, milliseconds(30)), 100);
}

TEST(DiskPace, ASlowDiskIsTriedNowAndThen) {
  DiskPace pace;
  EXPECT_EQ(past_cache(pace, 25, milliseconds(100)), 1 + 3);
}

TEST(DiskPace, OneSlowFileAmongManyChangesNothing) {
  DiskPace pace;
  (void)past_cache(pace, 10, milliseconds(16));
  ASSERT_TRUE(pace.begin());
  pace.tell(16 * megabyte, milliseconds(90));
  EXPECT_EQ(past_cache(pace, 10, milliseconds(16)), 10);
}

TEST(DiskPace, FilesUnderWayShareTheDisk) {
  DiskPace pace;
  ASSERT_TRUE(pace.begin());
  ASSERT_TRUE(pace.begin());
  pace.tell(16 * megabyte, milliseconds(150));
  EXPECT_TRUE(pace.begin());
  pace.tell(0, milliseconds(1000));
  EXPECT_TRUE(pace.begin());
}

}  // namespace
}  // namespace romwright::pipeline
