// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/chipset.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

constexpr std::uint32_t absent = 0xffffffff;
constexpr std::uint16_t ep80579 = 0x5031;
constexpr StrapDecode ep80579_straps{
    10, 2, {BootSource::spi, BootSource::unknown, BootSource::unknown, BootSource::lpc}};

std::uint32_t base_of(Machine& machine, const Chipset& chipset, PciAddress at, std::uint8_t offset,
                      std::uint32_t mask, const char* hint) {
  const std::uint32_t value = machine.pci.read32(at, offset);
  // Linux shows others than root the first 64 bytes alone.
  constexpr std::uint8_t shown_to_all = 0x40;
  if (value == absent && offset >= shown_to_all)
    throw NoDeviceError(fmt::format("{}: its configuration space is not shown ({} {:#04x} reads "
                                    "all ones)",
                                    chipset.name(), to_string(at), offset),
                        "run it as root");
  if (value == absent || (value & mask) == 0)
    throw NoDeviceError(fmt::format("{}: the registers are not enabled ({} {:#04x} reads {:#x})",
                                    chipset.name(), to_string(at), offset, value),
                        hint);
  return value & mask;
}

BootSource decode(const Chipset& chipset, std::uint32_t value) {
  const StrapDecode& straps =
      chipset.id->device == ep80579 ? ep80579_straps : chipset.generation().straps;
  if (straps.bits == 0) return BootSource::unknown;
  return straps.values.at((value >> straps.shift) & ((1U << straps.bits) - 1));
}

bool bit(std::uint32_t value, unsigned number) { return ((value >> number) & 1U) != 0; }

}  // namespace

std::string Chipset::name() const {
  return fmt::format("Intel {} ({}, {:04x}:{:04x}) at {}", generation().title, id->name, vendor,
                     id->device, to_string(found));
}

std::optional<Chipset> find_chipset(PciBus& pci) {
  std::optional<Chipset> best;
  for (const PciFunction& function : pci.functions()) {
    if (function.vendor != vendor) continue;
    const PciId* id = find_id(function.device);
    if (id == nullptr) continue;
    Chipset chipset{id, function.address, function.address};
    const Generation& generation = chipset.generation();
    if (id->function == Function::lpc && generation.place == Place::spi_function) {
      chipset.spi.device = generation.spi_device;
      chipset.spi.function = generation.spi_function;
    }
    // A docking station may bring an older bridge along.
    if (!best || (best->generation().engine == Engine::none && generation.engine != Engine::none))
      best = chipset;
  }
  return best;
}

Blocks map_chipset(Machine& machine, const Chipset& chipset) {
  const Generation& generation = chipset.generation();
  Blocks blocks;
  switch (generation.place) {
    case Place::rcrb: {
      const std::uint32_t base =
          base_of(machine, chipset, chipset.found, 0xf0, 0xffffc000, "the firmware left them off");
      blocks.registers = machine.memory.map(base, 0x4000);
      blocks.spi = generation.spi_offset;
      const std::uint32_t gcs = blocks.registers->read32(0x3410);
      blocks.straps = {decode(chipset, gcs), bit(blocks.registers->read8(0x3414), 0), bit(gcs, 0)};
      break;
    }
    case Place::silvermont: {
      const std::uint32_t root =
          base_of(machine, chipset, chipset.found, 0xf0, 0xfffffc00, "the firmware left them off");
      const std::uint32_t gcs = machine.memory.map(root, 4)->read32(0);
      const std::uint32_t base =
          base_of(machine, chipset, chipset.found, 0x54, 0xfffffe00, "the firmware left them off");
      blocks.registers = machine.memory.map(base, 0x200);
      blocks.straps = {decode(chipset, gcs), bit(gcs, 1), bit(gcs, 0)};
      break;
    }
    case Place::spi_function: {
      const std::uint32_t base = base_of(machine, chipset, chipset.spi, 0x10, 0xfffff000,
                                         "the SPI function may be hidden: I/O ports reach it, "
                                         "which lockdown (Secure Boot) forbids");
      const std::uint32_t control = machine.pci.read32(chipset.spi, 0xdc);
      blocks.registers = machine.memory.map(base, 0x1000);
      blocks.straps = {decode(chipset, control), bit(control, 4), bit(control, 7)};
      break;
    }
  }
  return blocks;
}

}  // namespace romwright::flash::intel
