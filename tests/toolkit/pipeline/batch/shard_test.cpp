// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/shard.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/thrown.h"

namespace romwright::pipeline {
namespace {

TEST(Shard, EveryItemIsOfOnePartAndTheirSizesDifferByOneAtMost) {
  for (const std::size_t total : {0U, 1U, 7U, 8U, 100U, 101U, 1003U}) {
    for (const std::size_t count : {1U, 2U, 3U, 8U, 150U}) {
      std::vector<std::size_t> sizes(count);
      std::size_t last = 0;
      for (std::size_t item = 0; item < total; ++item) {
        std::size_t owners = 0;
        for (std::size_t part = 0; part < count; ++part) {
          if (!Shard{part + 1, count}.has(item, total)) continue;
          ++owners;
          ++sizes[part];
          EXPECT_GE(part, last) << "parts are runs of neighbours";
          last = part;
        }
        EXPECT_EQ(owners, 1U) << item << " of " << total << " in " << count;
      }
      EXPECT_LE(std::ranges::max(sizes) - std::ranges::min(sizes), 1U) << total << "/" << count;
    }
  }
}

TEST(Shard, IsWrittenAsOneOfHowMany) {
  const Shard shard = parse_shard("3/8");
  EXPECT_EQ(shard.index, 3U);
  EXPECT_EQ(shard.count, 8U);
  EXPECT_EQ(to_string(shard), "3/8");
  EXPECT_FALSE(shard.is_all());
  EXPECT_TRUE(parse_shard("1/1").is_all());
}

TEST(Shard, WhatIsNoPartIsRefused) {
  for (const char* text : {"", "3", "0/8", "9/8", "-1/8", "1/0", "1/8x", "x/8", "1/", "/8",
                           "1/100001", "1/99999999999999999999"})
    EXPECT_EQ(test::thrown<UsageError>([&] { parse_shard(text); }),
              "--shard " + std::string(text) +
                  ": is no part of a plan (write I/N, such as 3/8 for the third of eight; they "
                  "count from 1)");
}

}  // namespace
}  // namespace romwright::pipeline
