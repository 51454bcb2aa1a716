// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/memory_budget.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace romwright::pipeline {
namespace {

TEST(MemoryBudget, SharesNeverExceedTheTotal) {
  MemoryBudget budget(100);
  std::atomic<int> used{0}, most{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        for (int turn = 0; turn < 200; ++turn) {
          const MemoryBudget::Share share = budget.take(30);
          const int now = used += 30;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
          used -= 30;
        }
      });
  }
  EXPECT_LE(most, 90);
  EXPECT_GE(most, 30);
}

TEST(MemoryBudget, WhatIsTriedIsThereAtOnceOrNotAtAll) {
  MemoryBudget budget(100);
  {
    const auto some = budget.try_take(60);
    EXPECT_TRUE(some);
    EXPECT_FALSE(budget.try_take(41));
    EXPECT_TRUE(budget.try_take(40));
  }
  EXPECT_FALSE(budget.try_take(101));
  EXPECT_TRUE(budget.try_take(100));
}

TEST(MemoryBudget, WhatIsTooLargeRunsAlone) {
  MemoryBudget budget(100);
  std::optional<MemoryBudget::Share> all(budget.take(1'000'000));
  std::atomic<bool> taken = false;
  std::jthread other([&] {
    const MemoryBudget::Share share = budget.take(1);
    taken = true;
  });
  EXPECT_FALSE(taken);
  all.reset();
  other.join();
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace romwright::pipeline
