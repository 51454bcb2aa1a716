// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/gpt.h"

#include <zlib.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

constexpr std::uint64_t sector = 512;
constexpr std::string_view signature = "EFI PART";
/// The table of 128 entries that disks have is 16 KiB.
constexpr std::uint64_t largest_table = 1U << 20;

std::uint32_t checksum(ConstBytes bytes, std::uint32_t start = 0) {
  return static_cast<std::uint32_t>(::crc32_z(start, bytes.data(), bytes.size()));
}

/// As it is when the checksum field, four bytes at 16, is 0.
std::uint32_t header_checksum(ConstBytes header) {
  const Buffer zeros(4);
  return checksum(header.subspan(20), checksum(zeros, checksum(header.first(16))));
}

/// The entries that the header in sector `at` names.
ConstBytes table_of(ConstBytes disk, std::uint64_t at, std::uint64_t& entry_size) {
  const ConstBytes block = slice(disk, {at * sector, sector}, "header");
  if (!std::ranges::equal(block.first(signature.size()), as_bytes(signature)))
    throw ImageError("header: no signature");
  const std::uint64_t size = load_le<std::uint32_t>(block, 12);
  if (size < 92 || size > sector)
    throw ImageError(fmt::format("header: says that it has {} bytes", size));
  if (header_checksum(block.first(size)) != load_le<std::uint32_t>(block, 16))
    throw ImageError("header: wrong checksum");
  if (load_le<std::uint64_t>(block, 24) != at) throw ImageError("header: made for another sector");
  const std::uint64_t count = load_le<std::uint32_t>(block, 80);
  entry_size = load_le<std::uint32_t>(block, 84);
  if (entry_size < 128 || entry_size % 8 != 0 || count * entry_size > largest_table)
    throw ImageError(fmt::format("header: {} entries of {} bytes", count, entry_size));
  const std::uint64_t first = load_le<std::uint64_t>(block, 72);
  if (first > disk.size() / sector) throw ImageError("table: lies outside the image");
  const ConstBytes table = slice(disk, {first * sector, count * entry_size}, "table");
  if (checksum(table) != load_le<std::uint32_t>(block, 88))
    throw ImageError("table: wrong checksum");
  return table;
}

std::string name_of(ConstBytes entry) {
  std::string name;
  for (std::size_t at = 56; at < 128; at += 2) {
    const std::uint16_t unit = load_le<std::uint16_t>(entry, at);
    if (unit == 0) break;
    name += unit >= 0x20 && unit < 0x7f ? static_cast<char>(unit) : '?';
  }
  return name;
}

std::vector<GptPartition> read_at(ConstBytes disk, std::uint64_t at) {
  std::uint64_t entry_size = 0;
  const ConstBytes table = table_of(disk, at, entry_size);
  const std::uint64_t sectors = disk.size() / sector;
  std::vector<GptPartition> partitions;
  for (std::uint64_t offset = 0; offset < table.size(); offset += entry_size) {
    const ConstBytes entry = table.subspan(offset, entry_size);
    if (all_equal(entry.first(16), 0)) continue;
    const std::string name = name_of(entry);
    const std::uint64_t first = load_le<std::uint64_t>(entry, 32);
    const std::uint64_t last = load_le<std::uint64_t>(entry, 40);
    if (first > last || last >= sectors)
      throw ImageError(fmt::format("partition {}: sectors {} to {}, and the image has {}", name,
                                   first, last, sectors));
    partitions.push_back({name, {first * sector, (last - first + 1) * sector}});
  }
  return partitions;
}

/// The last sector, or 0 for an image that has no room for a table.
std::uint64_t last_sector(ConstBytes disk) {
  return disk.size() < 3 * sector ? 0 : disk.size() / sector - 1;
}

bool begins_header(ConstBytes disk, std::uint64_t at) {
  return std::ranges::equal(disk.subspan(at * sector, signature.size()), as_bytes(signature));
}

}  // namespace

bool has_gpt(ConstBytes disk) {
  const std::uint64_t last = last_sector(disk);
  return last != 0 && (begins_header(disk, 1) || begins_header(disk, last));
}

std::vector<GptPartition> read_gpt(ConstBytes disk) {
  const std::uint64_t last = last_sector(disk);
  if (last == 0) throw ImageError("GPT: the image is too small for one");
  try {
    return read_at(disk, 1);
  } catch (ImageError& error) {
    try {
      return read_at(disk, last);
    } catch (ImageError& backup) {
      error.within("GPT");
      backup.within("GPT: backup");
      error.also(backup);
      throw error;
    }
  }
}

}  // namespace romwright::vendor
