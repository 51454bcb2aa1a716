// SPDX-License-Identifier: GPL-2.0-or-later
// Which of Intel's PCI functions belongs to which generation of chipsets.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "flash/chipsets/intel/generation.h"

namespace romwright::flash::intel {

inline constexpr std::uint16_t vendor = 0x8086;

/// What others' users reported: works, nobody has, or it hangs on the board's descriptor.
enum class ChipsetStatus : std::uint8_t { ok, untested, depends };

/// Whose id it is: the bridge to LPC, eSPI or ISA, or the SPI controller itself.
enum class Function : std::uint8_t { lpc, spi };

struct PciId {
  std::uint16_t device;
  GenerationId generation;
  Function function;
  ChipsetStatus status;
  std::string_view name;
};

/// All of them, by device id.
std::span<const PciId> pci_ids();

/// The entry of a device id, or nullptr.
const PciId* find_id(std::uint16_t device);

}  // namespace romwright::flash::intel
