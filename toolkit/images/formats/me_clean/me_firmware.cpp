// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me_firmware.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::uint64_t entry_size = 0x20;
/// Far more than any region has; bounds what a damaged count makes us hold.
constexpr std::uint32_t most_partitions = 1U << 16;

std::uint64_t table_offset(const MeWindow& region) {
  for (const std::uint64_t offset : {0x00U, 0x10U})
    if (region.size() >= offset + 4 && region.has_tag(offset, "$FPT", "partition table"))
      return offset;
  throw ImageError("ME region: no partition table ($FPT) at its start",
                   "firmware that is missing, damaged, or newer than version 11");
}

/// The entry of the code partition, the first named so.
ConstBytes code_entry(ConstBytes table) {
  for (std::size_t at = 0; at < table.size(); at += entry_size) {
    const ConstBytes name = table.subspan(at, 4);
    if (std::ranges::equal(name, as_bytes("CODE")) || std::ranges::equal(name, as_bytes("FTPR")))
      return table.subspan(at, entry_size);
  }
  throw ImageError("ME region: the partition table has neither FTPR nor CODE");
}

/// Where "FTPR.man" lies in the directory at `code`.
std::uint64_t directory_manifest(const MeWindow& region, std::uint64_t code) {
  constexpr std::string_view what = "FTPR: directory ($CPD)";
  constexpr std::uint64_t first = 0x10, size = 24;
  const std::uint32_t count = region.dword(code + 4, what);
  for (std::uint64_t i = 0; i < count; ++i) {
    const ConstBytes entry = region.read(code + first + i * size, size, what);
    const auto name = me_name(entry.first(12));
    if (!name) throw ImageError(fmt::format("{}: the name of entry {} is no text", what, i));
    if (*name == "FTPR.man") return load_le<std::uint32_t>(entry, 12) & 0xffffff;
  }
  throw ImageError("FTPR: its directory has no manifest (FTPR.man)");
}

}  // namespace

std::optional<std::string> me_name(ConstBytes field) {
  while (!field.empty() && field.back() == 0) field = field.first(field.size() - 1);
  if (std::ranges::any_of(field, [](std::uint8_t byte) { return byte >= 0x80; }))
    return std::nullopt;
  return std::string(field.begin(), field.end());
}

std::string shown_me_name(std::string_view name) {
  std::string shown(name);
  for (char& c : shown)
    if (c < ' ' || c > '~') c = '?';
  return shown;
}

MeFirmware read_me_firmware(const MeWindow& region, bool first_generation) {
  MeFirmware found;
  const std::uint64_t table = table_offset(region);
  found.entries = region.dword(table + 4, "partition table");
  const ConstBytes entries =
      region.read(table + 0x20, found.entries * entry_size, "partition table");
  if (found.entries > most_partitions)
    throw ImageError(fmt::format("ME region: a partition table with {} entries", found.entries));
  found.table.assign(entries.begin(), entries.end());
  const ConstBytes code = code_entry(found.table);
  found.code_offset = load_le<std::uint32_t>(code, 8);
  found.code_length = load_le<std::uint32_t>(code, 12);
  if (region.has_tag(found.code_offset, "$CPD", "FTPR")) {
    found.generation = 3;
    found.manifest = directory_manifest(region, found.code_offset);
  } else if (first_generation || code[0] == 'C') {
    found.generation = 1;
  }
  const std::uint64_t manifest = found.code_offset + found.manifest;
  const std::string_view tag = found.generation == 1 ? "$MAN" : "$MN2";
  if (!region.has_tag(manifest + 0x1c, tag, "FTPR: manifest"))
    throw ImageError(fmt::format(
        "FTPR: '{}' where the tag of the manifest is to be, not {}",
        shown_me_name(std::string_view(
            reinterpret_cast<const char*>(region.read(manifest + 0x1c, 4, "FTPR: manifest").data()),
            4)),
        tag));
  for (std::size_t i = 0; i < found.version.size(); ++i)
    found.version[i] =
        load_le<std::uint16_t>(region.read(manifest + 0x24, 8, "FTPR: manifest"), 2 * i);
  const ConstBytes key = region.read_some(manifest + 0x80, 0x104, "FTPR: public key");
  found.key = find_me_key(key);
  found.key_md5 = hex_digest(Hash::md5, key);
  found.variant = me_variant(found.key, found.version[0]);
  return found;
}

}  // namespace romwright::images
