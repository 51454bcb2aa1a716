// SPDX-License-Identifier: GPL-2.0-or-later
// The four ROM protect registers of the LPC bridge: ranges that no write, or no read, gets into.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flash/base/range.h"
#include "flash/host/pci.h"

namespace romwright::flash::amd {

struct RomProtect {
  std::uint8_t offset = 0;  ///< in the bridge's configuration space
  std::uint32_t value = 0;
  std::string name;  ///< "ROM protect 0"
  Range mapped;      ///< addresses of the machine
  bool no_write = false, no_read = false;
};

/// What a register's value protects. Bits 0 and 1: writes, reads; 2 to 10: KiB - 1; from 11 on: the
/// base.
RomProtect decode_rom_protect(std::uint32_t value);

/// Where `mapped`, addresses below 4 GiB, may lie in a chip of `chip_size`, whose end is mapped to
/// the end of the 4 GiB and to that of the first MiB. A base that is below the window of the flash
/// may also count from the chip's start, as firmware for newer controllers fills it.
std::vector<Range> in_chip(Range mapped, std::uint64_t chip_size);

class RomProtects {
 public:
  RomProtects(PciBus& pci, PciAddress lpc);

  /// Those that protect something, as they were found.
  [[nodiscard]] const std::vector<RomProtect>& found() const noexcept { return found_; }
  /// Whether the register lets itself be cleared: tried once, and put back at once.
  bool removable(const RomProtect& one);
  /// Clears it until restore(); false where it stays.
  bool lift(const RomProtect& one);
  void restore();

 private:
  PciBus& pci_;
  PciAddress lpc_;
  std::vector<RomProtect> found_;
  struct Tried {
    std::uint8_t offset;
    bool removable;
  };
  std::vector<Tried> tried_;
  std::vector<const RomProtect*> lifted_;
};

}  // namespace romwright::flash::amd
