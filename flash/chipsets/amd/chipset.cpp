// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/chipset.h"

#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::amd {
namespace {

constexpr std::uint16_t power_index = 0xcd6, power_data = 0xcd7;
constexpr std::uint8_t strap_override = 0x8f;
constexpr std::uint8_t base_register = 0xa0;
constexpr std::uint32_t all_ones = 0xffffffff;
constexpr std::uint32_t rom_enable = 1U << 1;
constexpr std::size_t registers_size = 256;

}  // namespace

std::string Chipset::name() const {
  return fmt::format("AMD {} ({}, {:04x}:{:04x} revision {:#04x}) at {}", generation().title,
                     part->name, part->lpc_vendor, part->lpc_device, revision, to_string(lpc));
}

std::optional<Chipset> find_chipset(PciBus& pci) {
  for (const PciFunction& function : pci.functions()) {
    bool known = false;
    Chipset chipset{nullptr, function.address, function.address};
    chipset.smbus.function = 0;
    for (const Part& part : parts()) {
      if (function.vendor != part.lpc_vendor || function.device != part.lpc_device) continue;
      if (!known) chipset.revision = pci.read8(chipset.smbus, 0x08);
      known = true;
      if (pci.read16(chipset.smbus, 0x00) != part.smbus_vendor ||
          pci.read16(chipset.smbus, 0x02) != part.smbus_device ||
          chipset.revision < part.first_revision || chipset.revision > part.last_revision)
        continue;
      chipset.part = &part;
      return chipset;
    }
    if (known)
      throw NoDeviceError(
          fmt::format("AMD chipset {:04x}:{:04x} at {}: the revision {:#04x} of its SMBus function "
                      "({:04x}:{:04x}) is not known",
                      function.vendor, function.device, to_string(function.address),
                      chipset.revision, pci.read16(chipset.smbus, 0x00),
                      pci.read16(chipset.smbus, 0x02)),
          "it is newer than romwright: an external programmer reaches the chip");
  }
  return std::nullopt;
}

std::string_view to_string(BootSource source) {
  switch (source) {
    case BootSource::spi:
      return "SPI";
    case BootSource::lpc:
      return "LPC";
    case BootSource::fwh:
      return "FWH";
    case BootSource::pci:
      return "PCI";
    case BootSource::unknown:
      break;
  }
  return "what the straps say";
}

BootSource boot_source(Machine& machine) {
  if (machine.ports == nullptr) return BootSource::unknown;
  try {
    const std::uint8_t before = machine.ports->read8(power_index);
    machine.ports->write8(power_index, strap_override);
    const std::uint8_t value = machine.ports->read8(power_data);
    machine.ports->write8(power_index, before);
    if (value == 0xff || (value & 2U) == 0) return BootSource::unknown;
    constexpr std::array sources{BootSource::lpc, BootSource::pci, BootSource::fwh,
                                 BootSource::spi};
    return sources.at((value >> 2) & 3U);
  } catch (const NoDeviceError&) {
    // Lockdown closes the ports; it is for the caller to say that nothing is known.
    return BootSource::unknown;
  }
}

std::vector<std::string> pins_taken(PciBus& pci, const Chipset& chipset) {
  if (!chipset.generation().has_pins) return {};
  struct Pin {
    std::uint8_t offset, bit;
    const char* name;
  };
  // GPIO31, SPI_HOLD, is not among them: boards do without.
  constexpr std::array<Pin, 4> pins{{{0xab, 6, "GPIO11/SPI_DO"},
                                     {0xab, 7, "GPIO12/SPI_DI"},
                                     {0x83, 7, "GPIO32/SPI_CS"},
                                     {0xa7, 6, "GPIO47/SPI_CLK"}}};
  std::vector<std::string> taken;
  for (const Pin& pin : pins)
    if (((pci.read8(chipset.smbus, pin.offset) >> pin.bit) & 1U) != 0) taken.emplace_back(pin.name);
  return taken;
}

bool spi_in_use(PciBus& pci, const Chipset& chipset) {
  return (pci.read32(chipset.lpc, base_register) & chipset.generation().bar_mask) != 0;
}

bool spi_rom_enabled(PciBus& pci, const Chipset& chipset) {
  return chipset.part->generation == GenerationId::sb6xx ||
         (pci.read32(chipset.lpc, base_register) & rom_enable) != 0;
}

std::unique_ptr<Registers> map_registers(Machine& machine, const Chipset& chipset) {
  const Generation& generation = chipset.generation();
  const std::uint32_t value = machine.pci.read32(chipset.lpc, base_register);
  if (value == all_ones)
    throw NoDeviceError(fmt::format("{}: ROM Armor is on: only the firmware itself reaches the "
                                    "flash ({} {:#04x} reads all ones)",
                                    chipset.name(), to_string(chipset.lpc), base_register),
                        "an external programmer reaches the chip");
  return machine.memory.map(value & generation.bar_mask, registers_size);
}

}  // namespace romwright::flash::amd
