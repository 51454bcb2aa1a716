// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_locate.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"
#include "toolkit/images/formats/fmap.h"

namespace romwright::images {
namespace {

// The master header (coreboot, cbfs_serialized.h): eight big-endian words.
constexpr std::uint32_t header_magic = 0x4f524243;
constexpr std::uint32_t header_versions[] = {0x31313131, 0x31313132};
constexpr std::uint64_t header_size = 32;
constexpr std::uint64_t pointer_size = 4;

/// Where the last four bytes point to: a signed distance from the image's end.
std::optional<std::uint64_t> header_offset(ConstBytes image) {
  if (image.size() < header_size + pointer_size) return std::nullopt;
  const std::uint32_t pointer = load_le<std::uint32_t>(image, image.size() - pointer_size);
  const std::uint64_t before_end = (1ULL << 32) - pointer;
  if (before_end > image.size() || before_end < header_size) return std::nullopt;
  const std::uint64_t offset = image.size() - before_end;
  if (load_be<std::uint32_t>(image, static_cast<std::size_t>(offset)) != header_magic)
    return std::nullopt;
  return offset;
}

Range described_by(ConstBytes image, std::uint64_t at) {
  const ConstBytes header = slice(image, {at, header_size}, "CBFS master header");
  const std::uint32_t version = load_be<std::uint32_t>(header, 4);
  const std::uint64_t rom_size = load_be<std::uint32_t>(header, 8);
  const std::uint64_t alignment = load_be<std::uint32_t>(header, 16);
  const std::uint64_t offset = load_be<std::uint32_t>(header, 20);
  if (version != header_versions[0] && version != header_versions[1])
    throw ImageError(fmt::format("has the unknown version {:#x}", version));
  if (alignment != cbfs_alignment)
    throw ImageError(
        fmt::format("aligns files to {} bytes, where {} is supported", alignment, cbfs_alignment));
  if (offset % alignment != 0 || offset >= image.size())
    throw ImageError(fmt::format("puts the first file at {:#x}, in an image of {:#x} bytes", offset,
                                 image.size()));
  if (rom_size > image.size())
    throw ImageError(fmt::format("is for an image of {:#x} bytes, and this one has {:#x}", rom_size,
                                 image.size()));
  return {offset, image.size() - offset};
}

}  // namespace

std::optional<Range> locate_cbfs(ConstBytes image, std::string_view area) {
  if (const std::optional<Fmap> map = find_fmap(image)) {
    const FmapArea* found = map->area(area);
    return found == nullptr ? std::nullopt : std::optional(found->range);
  }
  if (area != "COREBOOT") return std::nullopt;
  const std::optional<std::uint64_t> at = header_offset(image);
  if (!at) return std::nullopt;
  return within(fmt::format("CBFS master header at {:#x}", *at),
                [&] { return described_by(image, *at); });
}

}  // namespace romwright::images
