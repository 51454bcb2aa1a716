// SPDX-License-Identifier: GPL-2.0-or-later
// Which of AMD's chipsets the machine has, what it boots from, and where its SPI registers are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/chipsets/amd/generation.h"
#include "flash/host/machine.h"

namespace romwright::flash::amd {

struct Chipset {
  const Part* part = nullptr;
  PciAddress lpc, smbus;
  std::uint8_t revision = 0;  ///< of the SMBus function
  [[nodiscard]] const Generation& generation() const { return amd::generation(part->generation); }
  /// "AMD SB7xx (SB7x0/SP5100, 1002:439d revision 0x3c) at 00:14.3".
  [[nodiscard]] std::string name() const;
};

/// The machine's; nothing where it has none of the table. Throws NoDeviceError for a known bridge
/// with a revision that is not.
std::optional<Chipset> find_chipset(PciBus& pci);

enum class BootSource : std::uint8_t { unknown, spi, lpc, fwh, pci };
std::string_view to_string(BootSource source);

/// What the override of the straps says; `unknown` where it is not active, or cannot be read.
BootSource boot_source(Machine& machine);

/// The names of the SPI pins that the firmware uses for something else; none where all are SPI's.
std::vector<std::string> pins_taken(PciBus& pci, const Chipset& chipset);

/// Whether the SPI registers have a place: where not, the flash hangs on LPC or FWH.
bool spi_in_use(PciBus& pci, const Chipset& chipset);

/// Whether the processor reads its firmware from SPI, as far as SpiRomEnable tells.
bool spi_rom_enabled(PciBus& pci, const Chipset& chipset);

/// Maps the SPI registers; nothing is written. Throws NoDeviceError where there are none, or ROM
/// Armor keeps them from the host.
std::unique_ptr<Registers> map_registers(Machine& machine, const Chipset& chipset);

}  // namespace romwright::flash::amd
