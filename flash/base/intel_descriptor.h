// SPDX-License-Identifier: GPL-2.0-or-later
// The fields of Intel's flash descriptor that images and chipset registers share, as pure
// functions. Source: Intel's SPI programming guides and PCH data sheets (FLREG, FREG, FLMSTR).
#pragma once

#include <cstdint>
#include <optional>

#include "flash/base/range.h"

namespace romwright {

/// v1: ICH8 to 9 series. v2: 100 series and later, whose masters have other bits.
enum class DescriptorVersion : std::uint8_t { v1, v2 };

/// What a FLREG (or FREG) register's value says of region `index`; nothing for one that is unused
/// (base above limit). 4 KiB units, base in bits 0-14, limit in bits 16-30. v1 has two bits less;
/// there they are 0 or part of an unused value. Only the descriptor's own region, 0, may end in the
/// first block.
constexpr std::optional<Range> decode_region(std::uint32_t value, unsigned index) noexcept {
  const std::uint64_t base = static_cast<std::uint64_t>(value & 0x7fffU) << 12;
  const std::uint64_t limit = (static_cast<std::uint64_t>((value >> 16) & 0x7fffU) << 12) | 0xfff;
  if (base > limit || (value & 0x7fffU) == 0x7fffU || (limit == 0xfff && index != 0))
    return std::nullopt;
  return Range{base, limit + 1 - base};
}

/// The register value for a region in whole 4 KiB blocks below 128 MiB; an empty one is unused.
constexpr std::uint32_t encode_region(const Range& range) noexcept {
  if (range.empty()) return 0x00007fff;
  return static_cast<std::uint32_t>((range.offset >> 12) & 0x7fffU) |
         static_cast<std::uint32_t>(((range.end() - 1) >> 12) & 0x7fffU) << 16;
}

/// Whether a master may read or write `region`, from its FLMSTR value: 0 to 7 in v1, 0 to 11 in v2,
/// and 12 to 15 where the chipset's masters are extended (300 series and most that follow).
constexpr bool master_reads(std::uint32_t master, unsigned region,
                            DescriptorVersion version) noexcept {
  const unsigned first = version == DescriptorVersion::v1 ? 16 : 8;
  return ((master >> (region < 12 ? first + region : region - 12)) & 1U) != 0;
}
constexpr bool master_writes(std::uint32_t master, unsigned region,
                             DescriptorVersion version) noexcept {
  const unsigned first = version == DescriptorVersion::v1 ? 24 : 20;
  return ((master >> (region < 12 ? first + region : region - 12 + 4)) & 1U) != 0;
}

}  // namespace romwright
