// SPDX-License-Identifier: GPL-2.0-or-later
// The header of a file in a UEFI firmware volume. Source: UEFI PI, volume 3, chapter 3.
#pragma once

#include <cstdint>

#include "toolkit/images/formats/uefi/uefi_volume.h"

namespace romwright::images {

/// The types of files that are not made of sections.
struct UefiFileType {
  static constexpr std::uint8_t all = 0x00, raw = 0x01, freeform = 0x02, volume_image = 0x0b,
                                pad = 0xf0;
};

struct UefiFileHeader {
  static constexpr std::uint64_t smallest = 24;

  UefiGuid guid;
  std::uint8_t type = 0;
  std::uint64_t size = 0;         ///< of the file, header and tail included
  std::uint64_t header_size = 0;  ///< 24, or 32 for a large one
  std::uint64_t tail_size = 0;    ///< 2 bytes behind the body in volumes of revision 1
  bool header_checksum_valid = false;
  bool data_checksum_valid = false;
};

/// The header at the start of `area`, what is left of the volume. Throws ImageError where the file
/// does not end within.
[[nodiscard]] UefiFileHeader read_uefi_file(ConstBytes area, const UefiVolumeHeader& volume);

}  // namespace romwright::images
