// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/relocation.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_clean/me_firmware.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "FTPR: Huffman table (LLUT)";
constexpr std::uint64_t first_entry = 0x30;
constexpr std::int64_t lowest_offset = 0x400;
constexpr std::int64_t table_header = 0x40;

std::uint32_t address(std::int64_t value, std::string_view field) {
  if (value < 0 || value > INT64_C(0xffffffff))
    throw ImageError(
        fmt::format("{}: {} cannot be moved along, it would be {}", what, field, value));
  return static_cast<std::uint32_t>(value);
}

/// Adjusts the table at `at` to a place that is `distance` further on.
void adjust_table(MeWindow& region, std::uint64_t at, std::int64_t distance,
                  std::int64_t correction) {
  if (!region.has_tag(at, "LLUT", what))
    throw ImageError(fmt::format("{}: not found at {:#x}, where the modules need it", what, at));
  region.write_dword(
      at + 0x0c,
      address(static_cast<std::int64_t>(at) + distance + table_header - correction, "its start"),
      what);
  region.write_dword(at + 0x14,
                     address(region.dword(at + 0x14, what) + distance, "the data's start"), what);
  const std::uint64_t count = region.dword(at + 4, what);
  const ConstBytes there = region.read(at + table_header, 4 * count, what);
  Buffer chunks(there.begin(), there.end());
  for (std::size_t i = 0; i < chunks.size(); i += 4) {
    if (chunks[i + 3] == 0x80) continue;
    const std::uint32_t entry = load_le<std::uint32_t>(chunks, i);
    const std::uint32_t moved = address((entry & 0xffffff) + distance, "a chunk");
    store_le(Bytes(chunks), i, (entry & 0xff000000) | (moved & 0xffffff));
  }
  region.write(at + table_header, chunks, what);
}

}  // namespace

std::uint64_t relocate_first_partition(MeWindow& region,
                                       std::optional<std::uint64_t> huffman_table) {
  const ConstBytes entry = region.read(first_entry, 0x10, "partition table");
  if (!me_name(entry.first(4)))
    throw ImageError("partition table: no partition is left that could be relocated");
  const std::int64_t from = load_le<std::uint32_t>(entry, 8);
  const std::int64_t size = std::min<std::int64_t>(load_le<std::uint32_t>(entry, 12),
                                                   static_cast<std::int64_t>(region.end()) - from);
  std::int64_t to = lowest_offset;
  std::uint64_t table = 0;
  std::int64_t correction = 0;
  if (huffman_table) table = *huffman_table + static_cast<std::uint64_t>(from);
  if (table != 0) {
    // The engine adds this part of an address that cannot be changed to the table's start, which
    // must not become negative.
    correction = load_le<std::uint16_t>(region.read(table + 9, 2, what));
    to = std::max(to, correction - static_cast<std::int64_t>(table) - table_header + from);
    to = (to + 0x1f) / 0x20 * 0x20;
  }
  region.write_dword(first_entry + 8, address(to, "the partition"), "partition table");
  if (table != 0) adjust_table(region, table, to - from, correction);
  if (size > 0)
    region.move(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(size),
                static_cast<std::uint64_t>(to), "FTPR");
  return static_cast<std::uint64_t>(to);
}

}  // namespace romwright::images
