// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/driver.h"

#include <fmt/format.h>

#include "flash/base/clock.h"
#include "flash/base/error.h"

namespace romwright::flash {

namespace {

constexpr const char* other_ways =
    "an external programmer works on every board; -p linux_mtd where Linux drives the chip";

/// "no chipset that is known (its bridge 00:1f.0 is 8086:ffff)"
std::string unknown_chipset(PciBus& pci) {
  constexpr std::uint16_t isa_bridge = 0x0601;
  std::string text = "no chipset that is known";
  for (const PciFunction& function : pci.functions())
    if (function.device_class == isa_bridge)
      text += fmt::format(" (its bridge {} is {:04x}:{:04x})", to_string(function.address),
                          function.vendor, function.device);
  return text;
}

}  // namespace

std::unique_ptr<Programmer> open_internal(Machine& machine, const InternalOptions& options) {
  for (const ChipsetDriver* driver : chipset_drivers())
    if (auto programmer = driver->find(machine, options)) return programmer;
  throw NoDeviceError(unknown_chipset(machine.pci), other_ways);
}

std::vector<Finding> look_at_chipset(Machine& machine) {
  for (const ChipsetDriver* driver : chipset_drivers()) {
    std::vector<Finding> found = driver->look(machine);
    if (!found.empty()) return found;
  }
  return {{"chipset", FindingStatus::problem, unknown_chipset(machine.pci), other_ways}};
}

std::vector<Finding> look_at_chipset() try {
  SystemClock clock;
  const auto pci = machine_pci();
  const auto memory = machine_memory();
  Machine machine{*pci, *memory, clock};
  return look_at_chipset(machine);
} catch (const Error& error) {
  return {{"chipset", FindingStatus::problem, error.what(), error.hint()}};
}

}  // namespace romwright::flash
