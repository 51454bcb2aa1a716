// SPDX-License-Identifier: GPL-2.0-or-later
// The words that the vendors' tables are written in.
#pragma once

#include <array>
#include <cstdint>

#include "flash/chips/chip.h"

namespace romwright::flash {

inline constexpr std::uint64_t kib = 1024;
inline constexpr std::uint64_t mib = 1024 * kib;

/// An erase command with its block size; 0 is the whole chip.
struct EraseOp {
  std::uint8_t opcode;
  std::uint32_t size;
};

/// The uniform erase commands of a chip of `Size` bytes.
template <std::uint64_t Size, EraseOp... ops>
inline constexpr std::array<ChipErase, sizeof...(ops)> erases = {
    ChipErase{ops.opcode, ops.size != 0 ? ops.size : static_cast<std::uint32_t>(Size)}...};

/// A table of one vendor.
struct ChipVendor {
  std::string_view name;  ///< its file's
  std::span<const Chip> rows;
};

}  // namespace romwright::flash
