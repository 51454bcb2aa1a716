// SPDX-License-Identifier: GPL-2.0-or-later
// The header of a section of a UEFI file, and what is packed in those that enclose others.
// Source: UEFI PI, volume 3, chapter 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toolkit/images/formats/uefi/uefi_guid.h"

namespace romwright::images {

struct UefiSectionType {
  static constexpr std::uint8_t compression = 0x01, guid_defined = 0x02, disposable = 0x03,
                                pe32 = 0x10, pic = 0x11, te = 0x12, dxe_depex = 0x13,
                                version = 0x14, ui = 0x15, compatibility16 = 0x16, volume = 0x17,
                                freeform = 0x18, raw = 0x19, pei_depex = 0x1b, mm_depex = 0x1c;
};

/// "raw", "pe32", "ui", ...; "0x.." for another.
[[nodiscard]] std::string uefi_section_name(std::uint8_t type);

/// How the body of a section is to be read.
enum class UefiPacking {
  plain,
  standard,    ///< EFI 1.1's compression or Tiano's: only trying tells
  customized,  ///< LZMA, with or without the x86 filter
  tiano,
  lzma,
  lzma_x86,
  crc32,    ///< plain, with a checksum in front
  unknown,  ///< for a GUID that is not known: nothing can be said
};

struct UefiSectionHeader {
  static constexpr std::uint64_t smallest = 4;

  std::uint8_t type = 0;
  std::uint64_t size = 0;         ///< of the section, header included
  std::uint64_t header_size = 0;  ///< up to the body
  std::optional<UefiGuid> guid;   ///< of GUID-defined and freeform ones
  UefiPacking packing = UefiPacking::plain;
  std::optional<std::uint32_t> crc32;  ///< of the body
};

/// The header at the start of `area`, what is left of the file. Throws ImageError where the section
/// does not end within.
[[nodiscard]] UefiSectionHeader read_uefi_section(ConstBytes area);

}  // namespace romwright::images
