// SPDX-License-Identifier: GPL-2.0-or-later
// The types of CBFS files and their compressions, by number and by the names that cbfstool prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace romwright::images {

/// The type field of a CBFS file (coreboot, cbfs_serialized.h); others occur and are kept.
struct CbfsType {
  static constexpr std::uint32_t deleted = 0, bootblock = 0x01, cbfs_header = 0x02,
                                 legacy_stage = 0x10, stage = 0x11, simple_elf = 0x20,
                                 optionrom = 0x30, raw = 0x50, microcode = 0x53, intel_fit = 0x54,
                                 fsp = 0x60, mrc = 0x61, amdfw = 0x80, null = 0xffffffff;
};

/// "raw", "mrc", ...; "0x..." for a number without a name.
[[nodiscard]] std::string cbfs_type_name(std::uint32_t type);
/// The number of a type given as a name ("simple elf", "fit" too) or as a number, decimal or 0x...
[[nodiscard]] std::optional<std::uint32_t> parse_cbfs_type(std::string_view text);

/// The algorithm of the compression attribute; numbers beyond these occur in damaged images only.
enum class CbfsCompression : std::uint32_t { none = 0, lzma = 1, lz4 = 2, zstd = 3 };

/// "none", "LZMA", "LZ4", "ZSTD"; "unknown (N)" for another number.
[[nodiscard]] std::string to_string(CbfsCompression compression);

}  // namespace romwright::images
