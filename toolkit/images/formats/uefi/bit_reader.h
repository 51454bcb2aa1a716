// SPDX-License-Identifier: GPL-2.0-or-later
// Bits of a stream, the highest bit of a byte first.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Reads in place. Behind the end there are zeros; `overrun` tells that some were used.
class BitReader {
 public:
  explicit BitReader(ConstBytes bytes) noexcept : bytes_(bytes) {}

  /// The next 16 bits, without going on.
  [[nodiscard]] std::uint32_t peek16() noexcept {
    fill();
    return static_cast<std::uint32_t>(held_ >> 48);
  }
  /// Goes on by at most 16 bits.
  void skip(unsigned count) noexcept {
    fill();
    held_ <<= count;
    count_ -= static_cast<int>(count);
  }
  /// The next `count` bits, at most 32, as a number.
  [[nodiscard]] std::uint32_t take(unsigned count) noexcept {
    std::uint32_t value = 0;
    while (count > 16) {
      value = peek16();
      skip(16);
      count -= 16;
    }
    if (count == 0) return value;
    value = value << count | peek16() >> (16 - count);
    skip(count);
    return value;
  }
  [[nodiscard]] bool overrun() const noexcept { return count_ < padding_; }

 private:
  void fill() noexcept {
    while (count_ <= 48) {
      std::uint64_t byte = 0;
      if (at_ < bytes_.size())
        byte = bytes_[at_++];
      else
        padding_ += 8;
      held_ |= byte << (56 - count_);
      count_ += 8;
    }
  }

  ConstBytes bytes_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;
  int count_ = 0;    // bits held
  int padding_ = 0;  // of them, and of those used before, from behind the end
};

}  // namespace romwright::images
