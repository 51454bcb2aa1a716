// SPDX-License-Identifier: GPL-2.0-or-later
// The header of a UEFI firmware volume. Source: UEFI PI, volume 3, chapter 3.
#pragma once

#include <cstdint>
#include <optional>

#include "toolkit/images/formats/uefi/uefi_guid.h"

namespace romwright::images {

/// How a volume's files are written.
enum class UefiFileSystem {
  unknown,  ///< not files: variables, or a vendor's own
  ffs2,     ///< also version 1, and vendors' GUIDs for either
  ffs3,     ///< files may be larger than 16 MiB
};

struct UefiVolumeHeader {
  std::uint64_t size = 0;         ///< of the volume
  std::uint64_t header_size = 0;  ///< up to the first file
  UefiGuid guid;                  ///< of the file system
  std::optional<UefiGuid> name;   ///< from the extended header
  UefiFileSystem file_system = UefiFileSystem::unknown;
  std::uint8_t revision = 0;
  std::uint8_t erased = 0xff;  ///< what an erased byte is
  bool checksum_valid = false;
};

/// Where the next "_FVH" stands that a volume's header can hold, as the offset of that header.
[[nodiscard]] std::optional<std::uint64_t> find_uefi_volume(ConstBytes area,
                                                            std::uint64_t from) noexcept;
/// The header at the start of `area`; nothing where there is none, its parts contradict each other,
/// or the volume does not end within the area.
[[nodiscard]] std::optional<UefiVolumeHeader> read_uefi_volume(ConstBytes area);

}  // namespace romwright::images
