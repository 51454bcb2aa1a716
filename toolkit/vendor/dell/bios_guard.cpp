// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/bios_guard.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/dell/pfs_volume.h"

namespace romwright::vendor {

namespace {

constexpr std::uint64_t header_size = 0x30;
constexpr std::size_t platform_at = 4, script_size_at = 0x1c, data_size_at = 0x20;
// The script's second operation sets the place in the image.
constexpr std::uint64_t place_in_script = 0x0c;
constexpr std::uint64_t place_in_metadata = 8, smallest_metadata = 0x19;

struct Block {
  std::uint64_t place = 0;  // in the image
  ConstBytes content;
};

Block read_block(ConstBytes volume, const PfsEntry& entry) {
  const ConstBytes data = slice(volume, entry.data, "block");
  const ConstBytes header = slice(data, {0, header_size}, "block header");
  const Range script{header_size, load_le<std::uint32_t>(header, script_size_at)};
  const Range content{script.end(), load_le<std::uint32_t>(header, data_size_at)};
  Block block;
  block.content = slice(data, content, "block content");
  // The metadata says the same, and is preferred where it does not.
  block.place = load_le<std::uint32_t>(
      entry.metadata.size >= smallest_metadata
          ? slice(volume, {entry.metadata.offset + place_in_metadata, 4}, "block metadata")
          : slice(slice(data, script, "block script"), {place_in_script, 4}, "block script"));
  return block;
}

}  // namespace

bool is_bios_guard_volume(ConstBytes data) {
  if (!is_pfs_volume(data)) return false;
  try {
    const PfsVolume volume = read_pfs_volume(data);
    if (volume.entries.empty()) return false;
    const ConstBytes first = slice(data, volume.entries.front().data, "block");
    if (first.size() < header_size) return false;
    std::string platform;
    for (const std::uint8_t byte : first.subspan(platform_at, 4))
      platform += static_cast<char>(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
    return platform == "DELL";
  } catch (const ImageError&) {
    return false;
  }
}

Buffer join_bios_guard_blocks(ConstBytes data, std::uint64_t limit) {
  std::vector<Block> blocks;
  for (const PfsEntry& entry : read_pfs_volume(data).entries)
    blocks.push_back(within(fmt::format("BIOS Guard block {}", entry.index),
                            [&] { return read_block(data, entry); }));
  std::ranges::stable_sort(blocks, {}, &Block::place);
  Buffer image;
  for (const Block& block : blocks) {
    if (block.place < image.size())
      throw ImageError(fmt::format("two BIOS Guard blocks lie at {:#x}", block.place));
    if (block.place + block.content.size() > limit)
      throw ImageError(fmt::format("BIOS Guard blocks make up more than {}", human_size(limit)));
    image.resize(static_cast<std::size_t>(block.place), 0xff);
    image.insert(image.end(), block.content.begin(), block.content.end());
  }
  return image;
}

}  // namespace romwright::vendor
