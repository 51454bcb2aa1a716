// SPDX-License-Identifier: GPL-2.0-or-later
// Bounds the memory of jobs that run at once, however many threads there are.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace romwright::pipeline {

class MemoryBudget {
 public:
  /// `total` bytes for all jobs together.
  explicit MemoryBudget(std::uint64_t total) : total_(total), free_(total) {}

  /// Bytes that were set aside; given back with the object.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->give_back(bytes_);
    }

   private:
    MemoryBudget* budget_;
    std::uint64_t bytes_;
  };

  /// Waits until `bytes` are free. What is more than there is at all runs alone. Who holds a share
  /// must not wait for another one.
  [[nodiscard]] Share take(std::uint64_t bytes) {
    const std::uint64_t wanted = std::min(bytes, total_);
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return free_ >= wanted; });
    free_ -= wanted;
    return {*this, wanted};
  }

  /// `bytes`, if so many are free now. Who holds such a share may wait for one of another budget.
  [[nodiscard]] std::optional<Share> try_take(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    if (free_ < bytes) return std::nullopt;
    free_ -= bytes;
    return Share(*this, bytes);
  }

 private:
  void give_back(std::uint64_t bytes) {
    {
      const std::scoped_lock lock(mutex_);
      free_ += bytes;
    }
    freed_.notify_all();
  }

  std::uint64_t total_, free_;
  std::mutex mutex_;
  std::condition_variable freed_;
};

}  // namespace romwright::pipeline
