// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/learned_time.h"

#include <algorithm>

namespace romwright::flash {
namespace {

constexpr std::uint32_t smallest_margin = 3;   // thousandths
constexpr std::uint32_t largest_margin = 250;  // thousandths
constexpr std::uint32_t hits_to_relax = 1024;
constexpr LearnedTime::Time fixed_margin{1000};

}  // namespace

LearnedTime::Time LearnedTime::first_look() const noexcept {
  return learning() ? Time{0} : shortest_ - shortest_ / 32;
}

LearnedTime::Time LearnedTime::stream_wait() const noexcept {
  return longest_ + longest_ * margin_ / 1000 + fixed_margin;
}

LearnedTime::Time LearnedTime::expected() const noexcept {
  return measurements_ == 0 ? maximum_ : longest_;
}

LearnedTime::Time LearnedTime::deadline() const noexcept {
  return std::max<Time>(std::chrono::seconds(5), 3 * maximum_);
}

void LearnedTime::measured(Time time) noexcept {
  time = std::max(time, Time{0});
  // The longest is approached slowly from above: one fast operation says little.
  longest_ = time >= longest_ ? time : longest_ - (longest_ - time) / 16;
  shortest_ = measurements_ == 0 ? time : std::min(time, shortest_ + shortest_ / 64);
  measurements_ = std::min(measurements_ + 1, needed);
}

void LearnedTime::missed() noexcept {
  hits_ = 0;
  margin_ = std::min(margin_ * 2, largest_margin);
  measurements_ = std::min(measurements_, needed - 1);
}

void LearnedTime::hit() noexcept {
  if (++hits_ < hits_to_relax) return;
  hits_ = 0;
  margin_ = std::max(margin_ - std::max(margin_ / 8, 1U), smallest_margin);
  measurements_ = std::min(measurements_, needed - 1);
}

}  // namespace romwright::flash
