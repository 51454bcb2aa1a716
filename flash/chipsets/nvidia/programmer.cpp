// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/nvidia/programmer.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/mapped/programmer.h"
#include "flash/chipsets/nvidia/rom_gate.h"

namespace romwright::flash::nvidia {
namespace {

constexpr std::uint16_t vendor = 0x10de;
constexpr std::uint16_t isa_bridge = 0x0601;

/// MCP61 and later have straps; SPI hangs on pins that software moves one by one.
void check_straps(Machine& machine, PciAddress at, const Bridge& bridge) {
  if (bridge.method != Method::mcp6x) return;
  const unsigned strap = (machine.pci.read8(at, 0x8a) >> 5) & 3U;
  if (strap != 0)
    throw NoDeviceError(
        fmt::format("NVIDIA {} (10de:{:04x}) at {}: its flash hangs on {}, which romwright does "
                    "not drive",
                    bridge.name, bridge.device, to_string(at),
                    strap == 2 ? "SPI" : "a bus that the straps do not name"),
        "an external programmer reaches the chip");
}

}  // namespace

std::unique_ptr<Programmer> find(Machine& machine, const InternalOptions& /*options*/) {
  for (const PciFunction& function : machine.pci.functions()) {
    if (function.vendor != vendor || function.device_class != isa_bridge) continue;
    const Bridge* const bridge = find_bridge(function.device);
    if (bridge == nullptr) continue;
    check_straps(machine, function.address, *bridge);
    return mapped::open(machine, std::make_unique<RomGate>(machine, function.address, *bridge));
  }
  return nullptr;
}

}  // namespace romwright::flash::nvidia
