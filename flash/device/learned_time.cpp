// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/learned_time.h"

#include <algorithm>

namespace romwright::flash {
namespace {

constexpr LearnedTime::Time fixed_margin = std::chrono::microseconds(1);
constexpr LearnedTime::Time smallest_window = std::chrono::microseconds(2);
constexpr int window = 128;                    // the part of the time that is left uncertain
constexpr std::uint32_t first_margin = 8;      // thousandths
constexpr std::uint32_t largest_margin = 250;  // thousandths
constexpr std::uint32_t hits_to_relearn = 1024;

}  // namespace

LearnedTime::Time LearnedTime::expected() const noexcept {
  return ready_.count() > 0 ? ready_ : maximum_;
}

LearnedTime::Time LearnedTime::deadline() const noexcept {
  return std::max<Time>(std::chrono::seconds(5), 3 * maximum_);
}

void LearnedTime::measured(Time time, bool at_first_look) noexcept {
  if (shortest_.count() == 0)
    shortest_ = time;
  else if (at_first_look)
    shortest_ -= shortest_ / 512;
  else
    shortest_ = std::min(time, shortest_ + shortest_ / 64);
  ready_ = std::max(time, Time{1});
}

bool LearnedTime::learning() const noexcept {
  return ready_.count() == 0 || ready_ - busy_ > std::max(ready_ / window, smallest_window);
}

LearnedTime::Time LearnedTime::look() const noexcept {
  if (ready_.count() == 0) return busy_;
  return learning() ? busy_ + (ready_ - busy_) / 2 : ready_;
}

void LearnedTime::ready_after(Time time) noexcept {
  time = std::max(time, Time{1});
  ready_ = ready_.count() == 0 ? time : std::min(ready_, time);
  busy_ = std::min(busy_, ready_);
}

void LearnedTime::busy_after(Time time) noexcept {
  busy_ = std::max(busy_, time);
  if (ready_ <= busy_) ready_ = Time{0};
}

LearnedTime::Time LearnedTime::stream_wait() const noexcept {
  return ready_ + ready_ * margin_ / 1000 + fixed_margin;
}

void LearnedTime::missed() noexcept {
  hits_ = 0;
  busy_after(stream_wait());
  margin_ = std::clamp(margin_ * 2, first_margin, largest_margin);
}

void LearnedTime::hit() noexcept {
  if (++hits_ < hits_to_relearn) return;
  hits_ = 0;
  margin_ -= (margin_ + 7) / 8;
  busy_ = ready_ - ready_ / 8;
}

}  // namespace romwright::flash
