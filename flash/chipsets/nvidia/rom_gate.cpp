// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/nvidia/rom_gate.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace romwright::flash::nvidia {
namespace {

using enum Method;

// clang-format off
constexpr std::array<Bridge, 30> bridges{{
    {0x0030, nforce2, true, "nForce4/MCP4"}, {0x0060, nforce2, true, "nForce2"},
    {0x00e0, nforce2, true, "nForce3"},
    {0x0050, ck804, true, "CK804"}, {0x0051, ck804, true, "CK804"},
    {0x0260, ck804, true, "MCP51"}, {0x0261, ck804, true, "MCP51"},
    {0x0262, ck804, false, "MCP51"}, {0x0263, ck804, false, "MCP51"},
    {0x0360, mcp55, true, "MCP55"}, {0x0362, mcp55, true, "MCP55"},
    {0x0363, mcp55, true, "MCP55"}, {0x0364, mcp55, true, "MCP55"},
    {0x0365, mcp55, true, "MCP55"}, {0x0366, mcp55, true, "MCP55"},
    {0x0367, mcp55, true, "MCP55"},
    {0x03e0, mcp6x, true, "MCP61"}, {0x03e1, mcp6x, true, "MCP61"},
    {0x03e3, mcp6x, false, "MCP61"}, {0x0440, mcp6x, false, "MCP65"},
    {0x0441, mcp6x, false, "MCP65"}, {0x0442, mcp6x, false, "MCP65"},
    {0x0443, mcp6x, false, "MCP65"}, {0x0548, mcp6x, true, "MCP67"},
    {0x075c, mcp6x, true, "MCP78S"}, {0x075d, mcp6x, true, "MCP78S"},
    {0x07d7, mcp6x, true, "MCP73"}, {0x0aac, mcp6x, true, "MCP79"},
    {0x0aad, mcp6x, false, "MCP79"}, {0x0d80, mcp6x, false, "MCP89"},
}};
// clang-format on

constexpr std::uint8_t write_enable = 0x6d;  // bit 0
constexpr std::uint8_t first_segment = 0x8a;
constexpr std::array<std::uint8_t, 3> segments{0x8c, 0x90, 0x94};
constexpr std::uint32_t segment_protects = 0x33333333, segment_locks = 0xcccccccc;

}  // namespace

const Bridge* find_bridge(std::uint16_t device) {
  const auto* const found = std::ranges::find(bridges, device, &Bridge::device);
  return found == bridges.end() ? nullptr : found;
}

RomGate::RomGate(Machine& machine, PciAddress at, const Bridge& bridge)
    : pci_(machine.pci), at_(at), bridge_(bridge) {}

std::string RomGate::name() const {
  return fmt::format("NVIDIA {} (10de:{:04x}) at {}", bridge_.name, bridge_.device, to_string(at_));
}

void RomGate::set8(std::uint8_t offset, std::uint8_t value) {
  const std::uint8_t before = pci_.read8(at_, offset);
  if (before == value) return;
  changed_.push_back({offset, 1, before});
  pci_.write8(at_, offset, value);
}

/// Four bits a segment: two that protect it, two that lock those.
std::optional<std::string> RomGate::open_segments() {
  const auto kept = [](unsigned offset, std::uint32_t value) {
    return fmt::format(
        "the chipset's register {:#04x} (it reads {:#x}), which protects a part of "
        "the flash until reset",
        offset, value);
  };
  const std::uint8_t first = pci_.read8(at_, first_segment);
  if ((first & 3U) != 0) {
    if ((first & 12U) != 0) return kept(first_segment, first);
    set8(first_segment, first & 0xf0U);
    if ((pci_.read8(at_, first_segment) & 3U) != 0) return kept(first_segment, first);
  }
  for (const std::uint8_t offset : segments) {
    const std::uint32_t value = pci_.read32(at_, offset);
    if ((value & segment_protects) == 0) continue;
    if ((value & segment_locks) != 0) return kept(offset, value);
    changed_.push_back({offset, 4, value});
    pci_.write32(at_, offset, 0);
    if ((pci_.read32(at_, offset) & segment_protects) != 0) return kept(offset, value);
  }
  return std::nullopt;
}

std::optional<std::string> RomGate::open() {
  std::optional<std::string> held;
  switch (bridge_.method) {
    case nforce2:
      set8(0x92, 0);
      break;
    case ck804:
      held = open_segments();
      set8(0x88, pci_.read8(at_, 0x88) | 0xc0U);
      break;
    case mcp55:
    case mcp6x:
      set8(0x88, 0xff);
      set8(0x8c, 0xff);
      set8(0x90, 0xff);
      set8(0x91, pci_.read8(at_, 0x91) | 0x7fU);
      break;
  }
  set8(write_enable, pci_.read8(at_, write_enable) | 1U);
  return held ? held : refusal();
}

std::optional<std::string> RomGate::refusal() {
  const std::uint8_t now = pci_.read8(at_, write_enable);
  if ((now & 1U) != 0) return std::nullopt;
  return fmt::format(
      "the chipset's register {:#04x} (it reads {:#04x}), whose bit 0 does not stay "
      "set",
      write_enable, now);
}

/// CK804: 0x88 decodes what its boards have at least; nForce2 decodes no more than 2 MiB either.
std::uint64_t RomGate::reach() { return std::uint64_t{4} << 20; }

std::vector<Finding> RomGate::findings() {
  if (bridge_.tested) return {{"chipset", FindingStatus::ok, name(), ""}};
  return {{"chipset", FindingStatus::warning,
           name() + ": nobody has reported that this chipset works",
           "read first, twice, and compare"}};
}

void RomGate::close() {
  for (auto one = changed_.rbegin(); one != changed_.rend(); ++one) {
    if (one->bytes == 1)
      pci_.write8(at_, one->offset, static_cast<std::uint8_t>(one->before));
    else
      pci_.write32(at_, one->offset, one->before);
  }
  changed_.clear();
}

}  // namespace romwright::flash::nvidia
