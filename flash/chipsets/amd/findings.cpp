// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/findings.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::amd {

std::vector<Finding> look(Machine& machine) {
  const std::optional<Chipset> chipset = find_chipset(machine.pci);
  if (!chipset) return {};
  return {chipset_finding(*chipset)};
}

Finding chipset_finding(const Chipset& chipset) {
  if (chipset.part->status == ChipsetStatus::ok)
    return {"chipset", FindingStatus::ok, chipset.name(), ""};
  const bool untested = chipset.part->status == ChipsetStatus::untested;
  return {"chipset", FindingStatus::warning,
          fmt::format("{}: {}", chipset.name(),
                      untested ? "nobody has reported that this chipset works"
                               : "whether it works depends on the board"),
          "read first, twice, and compare"};
}

Finding imc_finding(const Imc& imc) {
  switch (imc.state()) {
    case ImcState::active:
      return {"imc", FindingStatus::warning,
              "the chipset's embedded controller (IMC) is active, and may run from this flash",
              "it is stopped for the time of a write; an image without its firmware leaves the "
              "machine without what it does, the fans for one"};
    case ImcState::unknown:
      return {"imc", FindingStatus::problem,
              "the chipset has an embedded controller (IMC), and the I/O ports that tell whether "
              "it runs are closed",
              "lift lockdown (switch Secure Boot off): nothing is written while it may run"};
    case ImcState::inactive:
      return {"imc", FindingStatus::ok, "the chipset's embedded controller (IMC) does not run", ""};
    case ImcState::absent:
      break;
  }
  return {"imc", FindingStatus::ok, "the chipset has no embedded controller (IMC) in use", ""};
}

void add_protects(std::vector<Finding>& all, const RomProtects& protects) {
  if (protects.found().empty()) {
    all.push_back({"protected_ranges", FindingStatus::ok, "no ROM protect register is in use", ""});
    return;
  }
  for (const RomProtect& one : protects.found())
    all.push_back({"protected_ranges", FindingStatus::warning,
                   fmt::format("{} forbids to {} {} of the machine's addresses", one.name,
                               one.no_write ? one.no_read ? "read and write" : "write" : "read",
                               to_string(one.mapped)),
                   ""});
}

bool concerns(const RomProtect& one, Range range, std::uint64_t chip_size) {
  return std::ranges::any_of(in_chip(one.mapped, chip_size),
                             [&](const Range& part) { return part.overlaps(range); });
}

std::vector<Protection> protections_of(RomProtects& protects, std::uint64_t chip_size,
                                       bool looks_only) {
  std::vector<Protection> found;
  for (const RomProtect& one : protects.found()) {
    if (!one.no_write) continue;
    for (const Range& range : in_chip(one.mapped, chip_size)) {
      const bool removable = looks_only || protects.removable(one);
      found.push_back({range,
                       one.name + (looks_only  ? ", unless it is locked until reset"
                                   : removable ? ""
                                               : ", locked until reset"),
                       removable});
    }
  }
  return found;
}

void lift_protects(RomProtects& protects, Range range, std::uint64_t chip_size) {
  for (const RomProtect& one : protects.found()) {
    if (!one.no_write || !concerns(one, range, chip_size)) continue;
    if (!protects.lift(one))
      throw ProtectedError(
          range, fmt::format("protected by {}: it does not let itself be cleared", one.name));
  }
}

}  // namespace romwright::flash::amd
