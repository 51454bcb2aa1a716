// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/rom_protect.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace romwright::flash::amd {
namespace {

constexpr std::array<std::uint8_t, 4> registers{0x50, 0x54, 0x58, 0x5c};
constexpr std::uint32_t protect_bits = 3;
constexpr std::uint32_t all_ones = 0xffffffff;
constexpr std::uint64_t top = std::uint64_t{1} << 32;
constexpr std::uint64_t window = std::uint64_t{16} << 20;  // decoded below 4 GiB
constexpr std::uint64_t legacy_top = 1U << 20, legacy_window = 256U << 10;

}  // namespace

RomProtect decode_rom_protect(std::uint32_t value) {
  RomProtect one;
  one.value = value;
  one.no_write = (value & 1U) != 0;
  one.no_read = (value & 2U) != 0;
  one.mapped = {value & 0xfffff800, (std::uint64_t{value & 0x7fcU} << 8 | 0x3ff) + 1};
  return one;
}

std::vector<Range> in_chip(Range mapped, std::uint64_t chip_size) {
  std::vector<Range> found;
  const auto add = [&](Range addresses, std::uint64_t chip_offset) {
    const Range inside = mapped.intersect(addresses);
    if (!inside.empty())
      found.push_back({inside.offset - addresses.offset + chip_offset, inside.size});
  };
  const std::uint64_t decoded = std::min(chip_size, top);
  const std::uint64_t legacy = std::min(chip_size, legacy_window);
  if (mapped.offset >= top - std::max(chip_size, window)) {
    // Addresses beyond the top are none.
    add({top - decoded, decoded}, chip_size - decoded);
    return found;
  }
  add({0, chip_size}, 0);
  if (chip_size != legacy_top) add({legacy_top - legacy, legacy}, chip_size - legacy);
  return found;
}

RomProtects::RomProtects(PciBus& pci, PciAddress lpc) : pci_(pci), lpc_(lpc) {
  for (std::size_t i = 0; i < registers.size(); ++i) {
    const std::uint32_t value = pci_.read32(lpc_, registers.at(i));
    if (value == all_ones || (value & protect_bits) == 0) continue;
    RomProtect one = decode_rom_protect(value);
    one.offset = registers.at(i);
    one.name = fmt::format("ROM protect {}", i);
    found_.push_back(std::move(one));
  }
}

bool RomProtects::removable(const RomProtect& one) {
  const auto known = std::ranges::find(tried_, one.offset, &Tried::offset);
  if (known != tried_.end()) return known->removable;
  pci_.write32(lpc_, one.offset, one.value & ~protect_bits);
  const bool cleared = (pci_.read32(lpc_, one.offset) & protect_bits) == 0;
  if (cleared) pci_.write32(lpc_, one.offset, one.value);
  tried_.push_back({one.offset, cleared});
  return cleared;
}

bool RomProtects::lift(const RomProtect& one) {
  if (std::ranges::find(lifted_, &one) != lifted_.end()) return true;
  pci_.write32(lpc_, one.offset, one.value & ~protect_bits);
  if ((pci_.read32(lpc_, one.offset) & protect_bits) != 0) return false;
  lifted_.push_back(&one);
  return true;
}

void RomProtects::restore() {
  for (const RomProtect* one : lifted_) pci_.write32(lpc_, one->offset, one->value);
  lifted_.clear();
}

}  // namespace romwright::flash::amd
