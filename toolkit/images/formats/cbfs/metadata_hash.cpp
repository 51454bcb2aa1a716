// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/metadata_hash.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"
#include "toolkit/images/formats/fmap.h"

namespace romwright::images {
namespace {

// "\xad" "MdtHsh" "\x15", three reserved bytes, the algorithm, the hash.
constexpr std::uint8_t anchor_magic[] = {0xad, 'M', 'd', 't', 'H', 's', 'h', 0x15};
constexpr std::uint64_t algorithm_at = 11, hash_at = 12;

struct Algorithm {
  std::uint32_t number;
  Hash hash;
  std::uint64_t size;
};
constexpr Algorithm algorithms[] = {
    {1, Hash::sha1, 20}, {2, Hash::sha256, 32}, {3, Hash::sha512, 64}};

const Algorithm* find_algorithm(std::uint32_t number) {
  const auto* found = std::ranges::find(algorithms, number, &Algorithm::number);
  return found == std::end(algorithms) ? nullptr : found;
}

// Qualcomm's and MediaTek's boot ROMs want headers with hashes of their own before the bootblock.
constexpr std::string_view wrappers[] = {{"\xd1\xdc\x4b\x84\x34\x10\xd7\x73", 8},
                                         {"\x7f"
                                          "ELF",
                                          4},
                                         {"EMMC_BOOT", 9},
                                         {"SF_BOOT", 7},
                                         {"UFS_BOOT", 8},
                                         {"COMBO_BOOT", 10},
                                         {"MMM\x01", 4}};

/// What holds the anchor, if there is one.
std::optional<Range> find_container(const Fmap& map, std::span<const CbfsFile> files) {
  if (const FmapArea* area = map.area("BOOTBLOCK")) return area->range;
  struct Holder {
    std::string_view name;
    std::uint32_t type;
  };
  for (const Holder holder :
       {Holder{"bootblock", CbfsType::bootblock}, Holder{"apu/amdfw", CbfsType::amdfw}})
    for (const CbfsFile& file : files)
      if (file.type == holder.type && file.name == holder.name) return file.data;
  return std::nullopt;
}

}  // namespace

Hash vboot_hash(std::uint32_t algorithm) {
  const Algorithm* found = find_algorithm(algorithm);
  if (found == nullptr) throw ImageError(fmt::format("hash algorithm {} is not known", algorithm));
  return found->hash;
}

std::optional<MetadataHash> MetadataHash::find(ConstBytes image, const Range& region,
                                               std::span<const CbfsFile> files) {
  const std::optional<Fmap> map = find_fmap(image);
  if (!map) return std::nullopt;
  const FmapArea* primary = map->area("COREBOOT");
  if (primary == nullptr || primary->range != region) return std::nullopt;
  const std::optional<Range> container = find_container(*map, files);
  if (!container) return std::nullopt;
  const ConstBytes bytes = slice(image, *container, "bootblock");
  const std::optional<std::size_t> anchor = find_bytes(bytes, anchor_magic);
  if (!anchor) return std::nullopt;
  const std::uint64_t at = container->offset + *anchor;
  const auto refuse = [&](std::string_view why) {
    return RefusedError(fmt::format("metadata hash at {:#x}: {}", at, why),
                        "this image verifies its CBFS, and would not boot after the change");
  };
  if (bytes.size() - *anchor < hash_at) throw refuse("its anchor leaves the bootblock");
  const Algorithm* algorithm = find_algorithm(bytes[*anchor + algorithm_at]);
  if (algorithm == nullptr)
    throw refuse(fmt::format("has the unknown algorithm {}", bytes[*anchor + algorithm_at]));
  if (bytes.size() - *anchor < hash_at + algorithm->size)
    throw refuse("its anchor leaves the bootblock");
  for (const std::string_view wrapper : wrappers)
    if (bytes.size() >= wrapper.size() &&
        std::ranges::equal(bytes.first(wrapper.size()), as_bytes(wrapper)))
      throw refuse("the bootblock has a header with a hash of its own");
  MetadataHash hash(algorithm->number, {at + hash_at, algorithm->size});
  if (!std::ranges::equal(hash.hash_metadata(image, files), slice(image, hash.where_, "hash")))
    throw refuse("is not the hash of the files that are there");
  return hash;
}

Buffer MetadataHash::hash_metadata(ConstBytes image, std::span<const CbfsFile> files) const {
  Digest all(vboot_hash(algorithm_));
  for (const CbfsFile& file : files) {
    if (file.empty()) continue;
    if (file.metadata().size > cbfs_metadata_max)
      throw RefusedError(
          fmt::format("metadata hash: the header of {} has {} bytes, and coreboot reads {}",
                      file.name, file.metadata().size, cbfs_metadata_max));
    all.update(slice(image, file.metadata(), file.name));
  }
  return all.finish();
}

}  // namespace romwright::images
