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

/// Whether a master may read or write `region` (0 to 11), from its FLMSTR value.
constexpr bool master_reads(std::uint32_t master, unsigned region,
                            DescriptorVersion version) noexcept {
  return ((master >> ((version == DescriptorVersion::v1 ? 16U : 8U) + region)) & 1U) != 0;
}
constexpr bool master_writes(std::uint32_t master, unsigned region,
                             DescriptorVersion version) noexcept {
  return ((master >> ((version == DescriptorVersion::v1 ? 24U : 20U) + region)) & 1U) != 0;
}

}  // namespace romwright
