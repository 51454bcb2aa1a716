// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/lpc_machine_model.h"

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr std::chrono::microseconds access_time(1);
constexpr std::uint64_t top = std::uint64_t{1} << 32;
constexpr std::uint64_t registers_below = 0x400000;
constexpr std::uint32_t rcrb = 0xfed1c000;

}  // namespace

/// What `map` hands out: a window on the address space.
class LpcWindow final : public Registers {
 public:
  LpcWindow(LpcMachineModel& model, std::uint64_t base) : model_(model), base_(base) {}
  std::uint8_t read8(std::uint32_t at) override {
    model_.clock_.advance(access_time);
    return model_.load(base_ + at);
  }
  std::uint16_t read16(std::uint32_t at) override {
    return static_cast<std::uint16_t>(read8(at) | read8(at + 1) << 8);
  }
  std::uint32_t read32(std::uint32_t at) override {
    return read16(at) | std::uint32_t{read16(at + 2)} << 16;
  }
  void write8(std::uint32_t at, std::uint8_t value) override {
    model_.clock_.advance(access_time);
    model_.store(base_ + at, value);
  }
  void write16(std::uint32_t at, std::uint16_t value) override {
    write8(at, static_cast<std::uint8_t>(value));
    write8(at + 1, static_cast<std::uint8_t>(value >> 8));
  }
  void write32(std::uint32_t at, std::uint32_t value) override {
    write16(at, static_cast<std::uint16_t>(value));
    write16(at + 2, static_cast<std::uint16_t>(value >> 16));
  }

 private:
  LpcMachineModel& model_;
  std::uint64_t base_;
};

LpcMachineModel::LpcMachineModel(const LpcSettings& settings, FwhModel& chip, VirtualClock& clock)
    : settings_(settings), chip_(chip), clock_(clock) {
  switch (settings_.kind) {
    case LpcKind::ich4:
      space_.at(0xe3) = 0xc0;  // 1 MiB from the top
      break;
    case LpcKind::ich7:
      space_.at(0xd9) = 0xc0;
      store_le<std::uint32_t>(space_, 0xf0, rcrb | 1U);
      break;
    case LpcKind::sb700:
      store_le<std::uint32_t>(space_, 0x6c, 0xffff'fff0);  // 1 MiB
      store_le<std::uint32_t>(space_, 0x00, 0x439d'1002);
      break;
    default:
      break;
  }
  for (const auto& [offset, value] : settings_.configuration) space_.at(offset) = value;
}

PciAddress LpcMachineModel::bridge() const {
  switch (settings_.kind) {
    case LpcKind::ich4:
    case LpcKind::ich7:
      return {0, 0, 0x1f, 0};
    case LpcKind::sb700:
      return {0, 0, 0x14, 3};
    default:
      return {0, 0, 1, 0};
  }
}

std::vector<PciFunction> LpcMachineModel::functions() {
  switch (settings_.kind) {
    case LpcKind::ck804:
      return {{bridge(), 0x10de, 0x0051, 0x0601}};
    case LpcKind::mcp55:
      return {{bridge(), 0x10de, 0x0364, 0x0601}};
    case LpcKind::ich4:
      return {{bridge(), 0x8086, 0x24cc, 0x0601}};
    case LpcKind::ich7:
      return {{bridge(), 0x8086, 0x27b8, 0x0601}};
    case LpcKind::sb700:
      break;
  }
  return {{{0, 0, 0x14, 0}, 0x1002, 0x4385, 0x0c05}, {bridge(), 0x1002, 0x439d, 0x0601}};
}

std::uint8_t LpcMachineModel::read8(PciAddress at, std::uint8_t offset) {
  clock_.advance(access_time);
  if (at == bridge()) return space_.at(offset);
  if (settings_.kind != LpcKind::sb700 || at != PciAddress{0, 0, 0x14, 0}) return 0xff;
  constexpr std::array<std::uint8_t, 9> smbus{0x02, 0x10, 0x85, 0x43, 0, 0, 0, 0, 0x3c};
  return offset < smbus.size() ? smbus.at(offset) : 0;
}
std::uint16_t LpcMachineModel::read16(PciAddress at, std::uint8_t offset) {
  return static_cast<std::uint16_t>(read8(at, offset) |
                                    read8(at, static_cast<std::uint8_t>(offset + 1)) << 8);
}
std::uint32_t LpcMachineModel::read32(PciAddress at, std::uint8_t offset) {
  return read16(at, offset) | std::uint32_t{read16(at, static_cast<std::uint8_t>(offset + 2))}
                                  << 16;
}
void LpcMachineModel::write8(PciAddress at, std::uint8_t offset, std::uint8_t value) {
  clock_.advance(access_time);
  if (at == bridge() && !settings_.kept.contains(offset)) space_.at(offset) = value;
}
void LpcMachineModel::write16(PciAddress at, std::uint8_t offset, std::uint16_t value) {
  write8(at, offset, static_cast<std::uint8_t>(value));
  write8(at, static_cast<std::uint8_t>(offset + 1), static_cast<std::uint8_t>(value >> 8));
}
void LpcMachineModel::write32(PciAddress at, std::uint8_t offset, std::uint32_t value) {
  write16(at, offset, static_cast<std::uint16_t>(value));
  write16(at, static_cast<std::uint8_t>(offset + 2), static_cast<std::uint16_t>(value >> 16));
}

std::unique_ptr<Registers> LpcMachineModel::map(std::uint64_t address, std::size_t /*size*/) {
  return std::make_unique<LpcWindow>(*this, address);
}

std::uint8_t LpcMachineModel::read8(std::uint16_t port) {
  // The straps say LPC.
  return port == 0xcd7 && power_index_ == 0x8f && settings_.kind == LpcKind::sb700 ? 0x02 : 0xff;
}
void LpcMachineModel::write8(std::uint16_t port, std::uint8_t value) {
  if (port == 0xcd6) power_index_ = value;
}

bool LpcMachineModel::writable(std::uint64_t address) const {
  switch (settings_.kind) {
    case LpcKind::ck804:
    case LpcKind::mcp55:
      return (space_.at(0x6d) & 1U) != 0;
    case LpcKind::ich4:
      return (space_.at(0x4e) & 1U) != 0;
    case LpcKind::ich7:
      return (space_.at(0xdc) & 0x21U) == 1;
    case LpcKind::sb700:
      break;
  }
  for (std::size_t offset = 0x50; offset < 0x60; offset += 4) {
    const auto value = load_le<std::uint32_t>(space_, offset);
    const Range locked{value & 0xfffff800, ((value & 0x7fcU) << 8 | 0x3ffU) + 1ULL};
    if ((value & 1U) != 0 && locked.contains(address)) return false;
  }
  return true;
}

std::uint8_t LpcMachineModel::load(std::uint64_t address) {
  if (settings_.kind == LpcKind::ich7 && address >= rcrb && address < rcrb + 0x4000)
    return address == rcrb + 0x3411 ? 0x0c : 0;  // the straps say LPC
  if (!settings_.has_chip) return 0xff;
  const std::uint64_t base = top - chip_.size();
  if (address >= base) return chip_.read(static_cast<std::uint32_t>(address - base));
  const std::uint64_t registers = base - registers_below;
  if (address >= registers && address - registers < chip_.size())
    return chip_.read_register(static_cast<std::uint32_t>(address - registers));
  return 0xff;
}

void LpcMachineModel::store(std::uint64_t address, std::uint8_t value) {
  const std::uint64_t base = top - chip_.size();
  if (!settings_.has_chip || !writable(address)) return;
  if (address >= base) chip_.write(static_cast<std::uint32_t>(address - base), value);
  const std::uint64_t registers = base - registers_below;
  if (address >= registers && address - registers < chip_.size())
    chip_.write_register(static_cast<std::uint32_t>(address - registers), value);
}

}  // namespace romwright::flash
