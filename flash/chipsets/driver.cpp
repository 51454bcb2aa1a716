// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/driver.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {

std::unique_ptr<Programmer> open_internal(Machine& machine, const InternalOptions& options) {
  for (const ChipsetDriver* driver : chipset_drivers())
    if (auto programmer = driver->find(machine, options)) return programmer;
  constexpr std::uint16_t isa_bridge = 0x0601;
  std::string bridges;
  for (const PciFunction& function : machine.pci.functions())
    if (function.device_class == isa_bridge)
      bridges += fmt::format(" (its bridge {} is {:04x}:{:04x})", to_string(function.address),
                             function.vendor, function.device);
  throw NoDeviceError(fmt::format("no chipset that is known{}", bridges),
                      "an external programmer works on every board; -p linux_mtd where Linux "
                      "drives the chip");
}

}  // namespace romwright::flash
