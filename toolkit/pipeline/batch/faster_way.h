// SPDX-License-Identifier: GPL-2.0-or-later
// Finds out which of two ways to write is the faster one here.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace romwright::pipeline {

/// Whether files go past the system's cache or through it: the one is faster where memory is slow
/// to get (virtual machines) or the disk is fast, the other where the disk is slow. Each is tried
/// twice, and from then on the one that took less time a byte; now and then the other, since times
/// change. Callable from several threads.
class FasterWay {
 public:
  /// Whether the next file is to go past the cache.
  [[nodiscard]] bool is_next() {
    const std::scoped_lock lock(mutex_);
    const std::uint64_t turn = turns_++;
    if (turn < first_tries) return turn % 2 == 0;
    const bool faster = rates_[true] < rates_[false];
    return turn % try_again == 0 ? !faster : faster;
  }
  /// How long a file took that was written in that way.
  void tell(bool past_cache, std::uint64_t size, std::chrono::nanoseconds time) {
    if (size == 0) return;
    const std::scoped_lock lock(mutex_);
    const double rate = static_cast<double>(time.count()) / static_cast<double>(size);
    double& known = rates_[past_cache];
    known = known == 0 ? rate : (1 - weight_of_new) * known + weight_of_new * rate;
  }

 private:
  static constexpr std::uint64_t first_tries = 4;
  static constexpr std::uint64_t try_again = 32;
  static constexpr double weight_of_new = 0.3;

  std::mutex mutex_;
  std::uint64_t turns_ = 0;
  std::array<double, 2> rates_{};  ///< nanoseconds a byte: through the cache, past it
};

}  // namespace romwright::pipeline
