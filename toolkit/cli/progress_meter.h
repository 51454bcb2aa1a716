// SPDX-License-Identifier: GPL-2.0-or-later
// How far work is, how fast it goes, and how long it takes still: from what is planned and what was
// measured, never from a guess.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "flash/base/event.h"

namespace romwright::cli {

struct Estimate {
  bool begun = false;          ///< this is the first of its phase
  bool finished = false;       ///< and this the last
  unsigned percent = 0;        ///< of the time by the plan, where there is one; else of the bytes
  double share = 0;            ///< the same, 0 to 1
  std::optional<double> rate;  ///< bytes a second of this phase so far
  std::optional<std::chrono::duration<double>> left;  ///< absent while nothing tells
};

class ProgressMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `progress.total` is not 0.
  Estimate update(const Progress& progress, Time now);

 private:
  std::string phase_;
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t done_at_start_ = 0;
  Time start_{};
};

/// "0:05", "12:40", "1:02:03"; rounded up.
std::string clock_text(std::chrono::duration<double> time);

/// The line of a progress bar, at most `columns` wide; where they are few, without the bar and
/// whatever finds no room.
std::string bar_text(const Progress& progress, const Estimate& estimate, std::size_t columns);

}  // namespace romwright::cli
