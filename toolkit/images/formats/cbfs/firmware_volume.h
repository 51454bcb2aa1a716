// SPDX-License-Identifier: GPL-2.0-or-later
// UEFI firmware volumes: their files and the sections in them. Source: UEFI PI, volume 3.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

using FirmwareGuid = std::array<std::uint8_t, 16>;  ///< as it lies in the volume

/// A section; `data`, in the whole, is what is behind its header.
struct FirmwareSection {
  static constexpr std::uint8_t pe32 = 0x10, te = 0x12, raw = 0x19;
  std::uint8_t type = 0;
  Range data;
};

struct FirmwareFile {
  FirmwareGuid guid{};
  std::uint8_t type = 0;
  Range data;                             ///< in the whole, behind the file's header
  std::vector<FirmwareSection> sections;  ///< none for padding and raw files
};

struct FirmwareVolume {
  Range range;  ///< in the whole
  std::vector<FirmwareFile> files;
};

[[nodiscard]] bool is_firmware_volume(ConstBytes whole, std::uint64_t offset) noexcept;
/// The sections that `file`, a part of the whole, consists of.
[[nodiscard]] std::vector<FirmwareSection> read_firmware_sections(ConstBytes whole,
                                                                  const Range& file);
/// The volume at `offset`. Throws ImageError where it or a part of it leaves what encloses it.
[[nodiscard]] FirmwareVolume read_firmware_volume(ConstBytes whole, std::uint64_t offset);

}  // namespace romwright::images
