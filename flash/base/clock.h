// SPDX-License-Identifier: GPL-2.0-or-later
// Time as something that is handed in: the machine's, a simulation's, or a test's.
#pragma once

#include <chrono>

namespace romwright {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// Monotonic time since an arbitrary start.
  [[nodiscard]] virtual std::chrono::nanoseconds now() const = 0;
  /// Waits; a virtual clock only advances.
  virtual void sleep(std::chrono::nanoseconds time) = 0;
};

/// The machine's steady clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::nanoseconds now() const override;
  void sleep(std::chrono::nanoseconds time) override;
};

/// A clock that moves only when it is told to: for simulations and tests.
class VirtualClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::nanoseconds now() const override { return now_; }
  void sleep(std::chrono::nanoseconds time) override { advance(time); }
  void advance(std::chrono::nanoseconds time) {
    if (time.count() > 0) now_ += time;
  }

 private:
  std::chrono::nanoseconds now_{0};
};

/// Adds the time of a scope to a statistic.
class Timed {
 public:
  Timed(Clock& clock, std::chrono::nanoseconds& total)
      : clock_(clock), total_(total), from_(clock.now()) {}
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  ~Timed() { total_ += clock_.now() - from_; }

 private:
  Clock& clock_;
  std::chrono::nanoseconds& total_;
  std::chrono::nanoseconds from_;
};

}  // namespace romwright
