// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_volume.h"

#include <algorithm>
#include <string_view>

namespace romwright::images {
namespace {

constexpr std::uint64_t fixed_size = 0x38;
constexpr std::uint64_t smallest_header = 0x48;  // with one entry and the end of the block map
constexpr std::uint64_t signature_at = 0x28;
constexpr std::string_view signature = "_FVH";
constexpr std::uint64_t extended_size = 0x14;
constexpr std::uint32_t erase_polarity = 0x800;

constexpr UefiGuid ffs3 = uefi_guid("5473C07A-3DCB-4DCA-BD6F-1E9689E7349A");
constexpr UefiGuid ffs2[] = {
    uefi_guid("8C8CE578-8A3D-4F1C-9935-896185C32DD3"),  // version 2
    uefi_guid("7A9354D9-0468-444A-81CE-0BF617D890DF"),  // version 1
    uefi_guid("04ADEEAD-61FF-4D31-B6BA-64F8BF901F5A"),  // Apple's
    uefi_guid("BD001B8C-6A71-487B-A14F-0C2A2DCF7A5D"),  // Apple's
    uefi_guid("AD3FFFFF-D28B-44C4-9F13-9EA98A97F9F0"),  // Intel's
    uefi_guid("D6A1CD70-4B33-4994-A6EA-375F2CCC5437"),  // Intel's
    uefi_guid("4F494156-AED6-4D64-A537-B8A5557BCEEC"),  // Sony's
};

UefiFileSystem file_system_of(const UefiGuid& guid) {
  if (guid == ffs3) return UefiFileSystem::ffs3;
  return std::ranges::find(ffs2, guid) == std::end(ffs2) ? UefiFileSystem::unknown
                                                         : UefiFileSystem::ffs2;
}

/// Whether the blocks of the map, from 0x38 to the end of the header, add up to `size`.
bool blocks_fit(ConstBytes header, std::uint64_t size) {
  std::uint64_t sum = 0;
  for (std::size_t at = fixed_size; header.size() - at >= 8; at += 8) {
    const std::uint64_t count = load_le<std::uint32_t>(header, at);
    const std::uint64_t length = load_le<std::uint32_t>(header, at + 4);
    if (count == 0 && length == 0) return sum == size;
    if (count * length > size - sum) return false;
    sum += count * length;
  }
  return false;
}

bool sums_to_zero(ConstBytes header) {
  std::uint16_t sum = 0;
  for (std::size_t at = 0; header.size() - at >= 2; at += 2)
    sum = static_cast<std::uint16_t>(sum + load_le<std::uint16_t>(header, at));
  return sum == 0;
}

}  // namespace

std::optional<std::uint64_t> find_uefi_volume(ConstBytes area, std::uint64_t from) noexcept {
  if (from >= area.size()) return std::nullopt;
  const auto at =
      find_bytes(area, as_bytes(signature), static_cast<std::size_t>(from + signature_at));
  return at ? std::optional<std::uint64_t>(*at - signature_at) : std::nullopt;
}

std::optional<UefiVolumeHeader> read_uefi_volume(ConstBytes area) {
  if (area.size() < smallest_header ||
      !std::ranges::equal(area.subspan(signature_at, signature.size()), as_bytes(signature)))
    return std::nullopt;
  UefiVolumeHeader volume;
  volume.size = load_le<std::uint64_t>(area, 0x20);
  volume.header_size = load_le<std::uint16_t>(area, 0x30);
  volume.revision = area[0x37];
  if (volume.size < smallest_header || volume.size > area.size() ||
      volume.header_size < smallest_header || volume.header_size > volume.size ||
      volume.revision < 1 || volume.revision > 2)
    return std::nullopt;
  const ConstBytes header = area.first(static_cast<std::size_t>(volume.header_size));
  volume.checksum_valid = sums_to_zero(header);
  // One of both may be wrong, as in images that a vendor's tool has patched.
  if (!volume.checksum_valid && !blocks_fit(header, volume.size)) return std::nullopt;
  volume.guid = UefiGuid::at(area, 0x10);
  volume.file_system = file_system_of(volume.guid);
  volume.erased = (load_le<std::uint32_t>(area, 0x2c) & erase_polarity) != 0 ? 0xff : 0;

  const std::uint64_t extended = load_le<std::uint16_t>(area, 0x34);
  if (volume.revision > 1 && extended != 0) {
    if (extended < volume.header_size || volume.size - extended_size < extended)
      return std::nullopt;
    volume.name = UefiGuid::at(area, extended);
    const std::uint64_t size =
        load_le<std::uint32_t>(area, static_cast<std::size_t>(extended) + 0x10);
    if (size > volume.size - extended) return std::nullopt;
    volume.header_size = std::max(volume.header_size, extended + size);
  }
  volume.header_size = std::min(align_up(volume.header_size, 8), volume.size);
  return volume;
}

}  // namespace romwright::images
