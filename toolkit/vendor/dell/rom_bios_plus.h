// SPDX-License-Identifier: GPL-2.0-or-later
// Dell's BIOS images of the time before UEFI (Phoenix ROM BIOS PLUS): a chain of modules, most of
// them compressed.
#pragma once

#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::vendor {

struct BiosModule {
  std::uint8_t type = 0;
  Buffer content;  ///< decompressed
};

struct RomBiosPlus {
  Range controller;  ///< in the image: firmware of the embedded controller, before the modules
  std::vector<BiosModule> modules;
};

/// Throws ImageError for what is no such image, for damaged modules, and for more than `limit`
/// bytes in all.
[[nodiscard]] RomBiosPlus read_rom_bios_plus(ConstBytes image, std::uint64_t limit);

/// One module's content: an LZ77 of bytes and nibbles. Throws ImageError for damaged data and for
/// more than `limit` bytes.
[[nodiscard]] Buffer decompress_bios_module(ConstBytes stored, std::uint64_t limit);

}  // namespace romwright::vendor
