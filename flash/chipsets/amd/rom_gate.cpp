// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/rom_gate.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/findings.h"

namespace romwright::flash::amd {
namespace {

constexpr std::uint8_t rom_range_2 = 0x6c;
constexpr std::uint64_t top = std::uint64_t{1} << 32;

}  // namespace

RomGate::RomGate(Machine& machine, const Chipset& chipset)
    : pci_(machine.pci),
      chipset_(chipset),
      protects_(machine.pci, chipset.lpc),
      imc_(machine, chipset) {}

std::uint64_t RomGate::reach() {
  const std::uint32_t value = pci_.read32(chipset_.lpc, rom_range_2);
  const std::uint64_t start = std::uint64_t{value & 0xffffU} << 16;
  const std::uint64_t end = (std::uint64_t{value >> 16} << 16 | 0xffff) + 1;
  return end == top && start < end ? end - start : 0;
}

std::vector<Protection> RomGate::protections(std::uint64_t chip_size) {
  return protections_of(protects_, chip_size);
}

void RomGate::lift(Range range, std::uint64_t chip_size) {
  lift_protects(protects_, range, chip_size);
}

std::vector<Finding> RomGate::findings() {
  std::vector<Finding> all{chipset_finding(chipset_)};
  add_protects(all, protects_);
  all.push_back(imc_finding(imc_));
  return all;
}

void RomGate::close() {
  protects_.restore();
  imc_.resume();
}

}  // namespace romwright::flash::amd
