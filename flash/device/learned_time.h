// SPDX-License-Identifier: GPL-2.0-or-later
// How long a kind of operation takes on this very chip, learnt while it works.
#pragma once

#include <chrono>
#include <cstdint>

namespace romwright::flash {

/// Starts without a measurement; the first few operations are polled tightly. Afterwards the wait
/// follows the longest of the measurements, which fades, plus a margin that grows with every miss.
class LearnedTime {
 public:
  using Time = std::chrono::nanoseconds;
  /// `maximum`: the longest that the chip may take.
  explicit LearnedTime(Time maximum) : maximum_(maximum) {}

  /// True while the operation must run alone, polled tightly, to be measured.
  [[nodiscard]] bool learning() const noexcept { return measurements_ < needed; }
  /// True when expected() is a measurement.
  [[nodiscard]] bool measured_once() const noexcept { return measurements_ > 0; }
  /// When a bus that waits for each poll should look first: shortly before the chip is ready,
  /// at once while learning.
  [[nodiscard]] Time first_look() const noexcept;
  /// How long a stream waits before its single look.
  [[nodiscard]] Time stream_wait() const noexcept;
  /// The expected time, for the bound of what is queued: the maximum while nothing is known.
  [[nodiscard]] Time expected() const noexcept;
  /// max(5 s, 3 x maximum): past it the chip is given up.
  [[nodiscard]] Time deadline() const noexcept;

  void measured(Time time) noexcept;
  /// A look after stream_wait() found the chip still busy: the next operation is measured again.
  void missed() noexcept;
  /// A look after stream_wait() found it ready. Once in a thousand the next one is measured again.
  void hit() noexcept;

 private:
  static constexpr std::uint32_t needed = 4;
  Time maximum_;
  Time longest_{0};
  Time shortest_{0};
  std::uint32_t measurements_ = 0;
  std::uint32_t margin_ = 5;  ///< thousandths
  std::uint32_t hits_ = 0;
};

}  // namespace romwright::flash
