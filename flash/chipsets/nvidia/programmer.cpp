// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/nvidia/programmer.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/mapped/programmer.h"
#include "flash/chipsets/nvidia/rom_gate.h"

namespace romwright::flash::nvidia {
namespace {

constexpr std::uint16_t vendor = 0x10de;
constexpr std::uint16_t isa_bridge = 0x0601;

/// MCP61 and later have straps; SPI hangs on pins that software moves one by one.
std::string name_of(const Bridge& bridge, PciAddress at) {
  return fmt::format("NVIDIA {} (10de:{:04x}) at {}", bridge.name, bridge.device, to_string(at));
}

void check_straps(Machine& machine, PciAddress at, const Bridge& bridge) {
  if (bridge.method != Method::mcp6x) return;
  const unsigned strap = (machine.pci.read8(at, 0x8a) >> 5) & 3U;
  if (strap != 0)
    throw NoDeviceError(
        fmt::format("{}: its flash hangs on {}, which romwright does not drive",
                    name_of(bridge, at), strap == 2 ? "SPI" : "a bus that the straps do not name"),
        "an external programmer reaches the chip");
}

struct Found {
  PciAddress address;
  const Bridge* bridge = nullptr;
};

std::optional<Found> find_bridge(PciBus& pci) {
  for (const PciFunction& function : pci.functions()) {
    if (function.vendor != vendor || function.device_class != isa_bridge) continue;
    if (const Bridge* const bridge = nvidia::find_bridge(function.device); bridge != nullptr)
      return Found{function.address, bridge};
  }
  return std::nullopt;
}

}  // namespace

std::unique_ptr<Programmer> find(Machine& machine, const InternalOptions& /*options*/) {
  const std::optional<Found> found = find_bridge(machine.pci);
  if (!found) return nullptr;
  check_straps(machine, found->address, *found->bridge);
  return mapped::open(machine, std::make_unique<RomGate>(machine, found->address, *found->bridge));
}

std::vector<Finding> look(Machine& machine) {
  const std::optional<Found> found = find_bridge(machine.pci);
  if (!found) return {};
  const std::string name = name_of(*found->bridge, found->address);
  if (found->bridge->tested) return {{"chipset", FindingStatus::ok, name, ""}};
  return {{"chipset", FindingStatus::warning,
           fmt::format("{}: nobody has reported that it works", name),
           "read the chip twice and compare before a first write: doctor --times 2"}};
}

}  // namespace romwright::flash::nvidia
