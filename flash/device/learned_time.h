// SPDX-License-Identifier: GPL-2.0-or-later
// How long a kind of operation takes on this very chip, learnt while it works.
#pragma once

#include <chrono>
#include <cstdint>

namespace romwright::flash {

/// A bus that waits for each poll tells exactly how long an operation took. A stream only tells
/// whether the chip was ready at its single look: the time is found between the latest look that
/// found it busy and the earliest that found it ready, by halving, with a few operations that run
/// alone. Afterwards a stream waits that time plus a margin, which grows with every miss.
class LearnedTime {
 public:
  using Time = std::chrono::nanoseconds;
  /// `maximum`: the longest that the chip may take.
  explicit LearnedTime(Time maximum) : maximum_(maximum) {}

  /// The expected time, for the bound of what is queued: the maximum while nothing is known.
  [[nodiscard]] Time expected() const noexcept;
  /// max(5 s, 3 x maximum): past it the chip is given up.
  [[nodiscard]] Time deadline() const noexcept;

  /// When a bus that waits should look first: shortly before the chip is ready.
  [[nodiscard]] Time first_look() const noexcept { return shortest_ - shortest_ / 32; }
  /// What such a bus measured. Where its first look found the chip ready, that tells of the look
  /// and not of the chip: the next comes a little earlier.
  void measured(Time time, bool at_first_look) noexcept;

  /// True while a stream must run the operation alone, to find its time.
  [[nodiscard]] bool learning() const noexcept;
  /// When an operation that runs alone on a stream is looked at.
  [[nodiscard]] Time look() const noexcept;
  /// The chip was ready, or busy, so long after the operation.
  void ready_after(Time time) noexcept;
  void busy_after(Time time) noexcept;

  /// How long a stream waits before its single look at an operation in its queue.
  [[nodiscard]] Time stream_wait() const noexcept;
  /// That look found the chip still busy: the next operation is measured again.
  void missed() noexcept;
  /// It found it ready. Once in a thousand the next few are measured again.
  void hit() noexcept;

 private:
  Time maximum_;
  Time shortest_{0};          ///< of what waiting buses measured, following slowly
  Time busy_{0};              ///< the latest look that found the chip busy
  Time ready_{0};             ///< the earliest that found it ready; 0 while there was none
  std::uint32_t margin_ = 0;  ///< thousandths
  std::uint32_t hits_ = 0;
};

}  // namespace romwright::flash
