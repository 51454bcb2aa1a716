// SPDX-License-Identifier: GPL-2.0-or-later
// Finds out whether a disk is so fast that files need no cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

namespace romwright::pipeline {

/// Whether files go past the system's cache: that leaves memory and processor to others, and is
/// worth it on a disk that takes 200 MB a second. A slower one is tried again now and then.
/// Callable from several threads.
class DiskPace {
 public:
  /// Whether the next file is to go past the cache; if so, `tell` has to follow.
  [[nodiscard]] bool begin() {
    const std::scoped_lock lock(mutex_);
    const bool past_cache = average_ <= slowest || ++skipped_ % try_again == 0;
    if (past_cache) ++under_way_;
    return past_cache;
  }
  /// How long a file took that went past the cache; files that are under way share the disk. No
  /// size: it could not be written.
  void tell(std::uint64_t size, std::chrono::nanoseconds time) {
    const std::scoped_lock lock(mutex_);
    const double sharers = under_way_--;
    if (size == 0) return;
    const double now = static_cast<double>(time.count()) / static_cast<double>(size) / sharers;
    average_ = average_ == 0 ? now : (1 - weight_of_new) * average_ + weight_of_new * now;
  }

 private:
  static constexpr double slowest = 1e9 / 200e6;  ///< nanoseconds a byte
  static constexpr double weight_of_new = 0.3;
  static constexpr std::uint64_t try_again = 8;

  std::mutex mutex_;
  double average_ = 0;  ///< nanoseconds a byte
  int under_way_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace romwright::pipeline
