// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_clean/module_cleaning.h"
#include "toolkit/images/formats/me_clean/relocation.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "FTPR: directory ($CPD)";
constexpr std::uint64_t count_at = 4, entries_at = 0x10, entry_size = 24;
/// Far more than any directory has; bounds what a damaged count makes us hold.
constexpr std::uint64_t most_entries = 1U << 16;
constexpr std::array<std::string_view, 4> needed = {"rbe", "kernel", "syslib", "bup"};

struct Entry {
  std::string name;
  std::uint64_t offset = 0;  ///< from the partition's start
  bool huffman = false;
};

/// The entries by offset, the partition's end among them, before others at its place.
std::vector<Entry> read_directory(const MeWindow& region, const MeFirmware& firmware) {
  const std::uint64_t count = region.dword(firmware.code_offset + count_at, what);
  std::vector<Entry> entries = {{"end", firmware.code_length, false}};
  for (std::uint64_t i = 0; i < count; ++i) {
    const ConstBytes entry =
        region.read(firmware.code_offset + entries_at + i * entry_size, entry_size, what);
    const auto name = me_name(entry.first(12));
    if (!name) throw ImageError(fmt::format("{}: the name of entry {} is no text", what, i));
    if (i >= most_entries) throw ImageError(fmt::format("{}: {} entries", what, count));
    const std::uint32_t place = load_le<std::uint32_t>(entry, 12);
    entries.push_back({*name, place & 0x1ffffff, (place & 0x2000000) != 0});
  }
  std::ranges::stable_sort(entries, {}, &Entry::offset);
  return entries;
}

bool is_data(const Entry& entry) {
  return entry.name.ends_with(".man") || entry.name.ends_with(".met");
}

bool is_kept(const Entry& entry) {
  return is_data(entry) || std::ranges::any_of(needed, [&](std::string_view start) {
           return entry.name.starts_with(start);
         });
}

}  // namespace

MeModules clean_modules_gen3(MeWindow& region, const MeFirmware& firmware,
                             const MeModuleChoice& choice) {
  MeModules result;
  result.code_offset = firmware.code_offset;
  result.end = 0;
  if (choice.keep_all) {
    result.end = static_cast<std::int64_t>(firmware.code_offset + firmware.code_length);
  } else {
    const std::vector<Entry> entries = read_directory(region, firmware);
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
      const Entry& entry = entries[i];
      const std::uint64_t from = firmware.code_offset + entry.offset;
      const std::uint64_t to = firmware.code_offset + entries[i + 1].offset;
      const bool kept = is_kept(entry);
      if (kept)
        result.end = std::max(result.end, static_cast<std::int64_t>(to));
      else
        region.fill(from, std::min(to, region.end()), "FTPR: module " + shown_me_name(entry.name));
      result.modules.push_back({shown_me_name(entry.name),
                                is_data(entry)  ? "none"
                                : entry.huffman ? "Huffman"
                                                : "LZMA or none",
                                {from, to - from},
                                false,
                                kept ? MeFate::kept : MeFate::removed});
    }
  }
  if (choice.relocate) {
    result.code_offset = relocate_first_partition(region, std::nullopt);
    result.end += static_cast<std::int64_t>(result.code_offset) -
                  static_cast<std::int64_t>(firmware.code_offset);
  }
  return result;
}

}  // namespace romwright::images
