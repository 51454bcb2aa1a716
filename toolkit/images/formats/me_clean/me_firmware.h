// SPDX-License-Identifier: GPL-2.0-or-later
// What a region tells of its firmware before it is cleaned: table, code partition, manifest, key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "toolkit/images/formats/me_clean/me_window.h"
#include "toolkit/images/formats/me_keys.h"

namespace romwright::images {

struct MeFirmware {
  int generation = 2;  ///< 1: ME 2 to 5; 2: ME 6 to 10, TXE 1, 2, SPS 1 to 3; 3: newer
  std::uint32_t entries = 0;
  Buffer table;                   ///< the entries, 32 bytes each
  std::uint64_t code_offset = 0;  ///< of FTPR (CODE in generation 1) in the region
  std::uint64_t code_length = 0;  ///< as the table says; may lead out of the region
  std::uint64_t manifest = 0;     ///< from the start of the code partition
  std::array<std::uint16_t, 4> version{};
  std::string variant;         ///< "ME", "TXE", "SPS"
  const MeKey* key = nullptr;  ///< nullptr: unknown
  std::string key_md5;
};

/// Finds the code partition and its manifest. `first` is set where the descriptor already says
/// generation 1. Throws ImageError for a region that has none, and where one lies outside.
[[nodiscard]] MeFirmware read_me_firmware(const MeWindow& region, bool first_generation);

/// Whether the manifest at `offset` is signed by the key that it holds: RSA, SHA-256 over the first
/// 0x80 bytes and what lies behind the header. Throws ImageError where it lies outside the region
/// or has no key.
[[nodiscard]] bool me_signature_valid(const MeWindow& region, std::uint64_t offset);

/// A name in a table: without trailing NULs; nothing where it is not ASCII.
[[nodiscard]] std::optional<std::string> me_name(ConstBytes field);
/// The same, for showing: what is not printable is '?'.
[[nodiscard]] std::string shown_me_name(std::string_view name);

}  // namespace romwright::images
