// SPDX-License-Identifier: GPL-2.0-or-later
// What a status register read many times over tells: its last value, and since when it holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Takes the readings as they arrive, and keeps none.
class StatusWatch {
 public:
  StatusWatch(std::uint8_t mask, std::uint8_t expect) : mask_(mask), expect_(expect) {}

  void take(ConstBytes readings) {
    if (readings.empty()) return;
    for (std::size_t i = readings.size(); i-- > 0;)
      if ((readings[i] & mask_) != expect_) {
        busy_ = taken_ + i + 1;
        break;
      }
    taken_ += readings.size();
    last_ = readings.back();
  }
  [[nodiscard]] std::uint8_t last() const noexcept { return last_; }
  [[nodiscard]] bool passed() const noexcept { return taken_ > busy_; }
  /// Readings up to the last that was not as expected, and the one behind it.
  [[nodiscard]] std::size_t readings_until_passed() const noexcept {
    return std::min(busy_ + 1, taken_);
  }

 private:
  std::uint8_t mask_;
  std::uint8_t expect_;
  std::uint8_t last_ = 0;
  std::size_t taken_ = 0;
  std::size_t busy_ = 0;  ///< readings up to and with the last that was not as expected
};

}  // namespace romwright::flash
