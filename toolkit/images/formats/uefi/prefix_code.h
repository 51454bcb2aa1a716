// SPDX-License-Identifier: GPL-2.0-or-later
// A canonical prefix code: symbols by the lengths of their codes, shorter and smaller ones first.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "toolkit/images/formats/uefi/bit_reader.h"

namespace romwright::images {

class PrefixCode {
 public:
  static constexpr unsigned longest = 16;  ///< bits of a code

  /// The code where every symbol is `symbol` and takes no bits.
  static PrefixCode constant(std::uint16_t symbol);
  /// From the length of each symbol's code, 0 for one that does not occur. Throws ImageError where
  /// the lengths leave codes over, or need more than there are.
  explicit PrefixCode(std::span<const std::uint8_t> lengths);

  /// The next symbol. Throws ImageError where no code begins with these bits.
  [[nodiscard]] std::uint16_t read(BitReader& bits) const;

 private:
  PrefixCode() = default;

  std::array<std::uint32_t, longest + 1> end_{};    // the first 16 bits that are beyond length n
  std::array<std::uint32_t, longest + 1> begin_{};  // the first 16 bits of length n
  std::array<std::uint32_t, longest + 1> first_{};  // the place in symbols_ of length n's first
  std::vector<std::uint16_t> symbols_;
  bool constant_ = false;
};

}  // namespace romwright::images
