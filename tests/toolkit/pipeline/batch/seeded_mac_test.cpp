// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/seeded_mac.h"

#include <set>

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::pipeline {
namespace {

TEST(SeededMac, FollowsFromTheSeedAlone) {
  // SHA-512 of "0:spring" begins with the digits that fill the pattern.
  EXPECT_EQ(seeded_mac("00:1f:16:xx:xx:xx", "spring"), seeded_mac("00:1f:16:xx:xx:xx", "spring"));
  EXPECT_NE(seeded_mac("00:1f:16:xx:xx:xx", "spring"), seeded_mac("00:1f:16:xx:xx:xx", "autumn"));
  EXPECT_EQ(images::to_string(seeded_mac("00:1f:16:12:34:56", "any")), "00:1f:16:12:34:56");
}

TEST(SeededMac, RandomOnesAreLocalUnicastAndDiffer) {
  std::set<images::Mac> macs;
  for (int i = 0; i < 1000; ++i) {
    const images::Mac mac = seeded_mac("random", std::to_string(i));
    EXPECT_EQ(mac[0] & 3, 2) << images::to_string(mac);
    macs.insert(mac);
  }
  EXPECT_EQ(macs.size(), 1000U);
}

TEST(SeededMac, WhatIsNoMacIsRefused) {
  EXPECT_THROW((void)seeded_mac("01:00:00:00:00:00", "s"), UsageError);
}

}  // namespace
}  // namespace romwright::pipeline
