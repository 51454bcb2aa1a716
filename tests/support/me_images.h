// SPDX-License-Identifier: GPL-2.0-or-later
// ME regions of the project's own making: partition tables and manifests, without code.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::test {

struct MeEntry {
  std::string_view name;
  std::uint32_t offset = 0, size = 0, flags = 0;
};

inline void put_text(Bytes at, std::string_view text) { std::ranges::copy(text, at.begin()); }

/// A partition table at `offset`, its checksum right when `summed_from` is where the sum begins.
inline void put_me_table(Bytes region, std::size_t offset, const std::vector<MeEntry>& entries,
                         std::size_t summed_from) {
  const Bytes table = region.subspan(offset, 0x20 + 0x20 * entries.size());
  std::ranges::fill(table, std::uint8_t{0});
  put_text(table, "$FPT");
  store_le(table, 4, static_cast<std::uint32_t>(entries.size()));
  table[8] = 0x20;
  table[9] = 0x10;
  table[10] = 0x30;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Bytes entry = table.subspan(0x20 + 0x20 * i, 0x20);
    put_text(entry, entries[i].name);
    store_le(entry, 8, entries[i].offset);
    store_le(entry, 12, entries[i].size);
    store_le(entry, 28, entries[i].flags);
  }
  std::uint32_t sum = 0;
  for (std::size_t at = summed_from; at < offset + 0x20; ++at) sum += region[at];
  table[11] = static_cast<std::uint8_t>(0U - sum);
}

/// The head of a manifest: its tag and version; the public key is zeros.
inline void put_me_manifest(Bytes at, std::string_view tag,
                            const std::array<std::uint16_t, 4>& version) {
  std::ranges::fill(at.first(0x184), std::uint8_t{0});
  put_text(at.subspan(0x1c), tag);
  for (std::size_t i = 0; i < version.size(); ++i) store_le(at, 0x24 + 2 * i, version[i]);
}

}  // namespace romwright::test
