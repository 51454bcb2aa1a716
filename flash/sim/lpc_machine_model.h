// SPDX-License-Identifier: GPL-2.0-or-later
// Machines in software whose flash hangs on LPC or FWH: what the chipset decodes and lets through.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "flash/base/clock.h"
#include "flash/host/machine.h"
#include "flash/sim/fwh_model.h"

namespace romwright::flash {

enum class LpcKind : std::uint8_t { ck804, mcp55, ich4, ich7, sb700 };

struct LpcSettings {
  LpcKind kind = LpcKind::ck804;
  /// Bytes of the bridge's configuration space as the firmware left them, and which of them stay.
  std::map<std::uint8_t, std::uint8_t> configuration;
  std::set<std::uint8_t> kept;
  bool has_chip = true;  ///< false: nothing drives the bus, and it reads all ones
};

class LpcMachineModel final : public PciBus, public PhysicalMemory, public IoPorts {
 public:
  /// Chip and clock outlive the model.
  LpcMachineModel(const LpcSettings& settings, FwhModel& chip, VirtualClock& clock);

  [[nodiscard]] Machine machine() { return {*this, *this, clock_, this}; }
  /// A byte of the bridge's configuration space.
  [[nodiscard]] std::uint8_t peek(std::uint8_t offset) const { return space_.at(offset); }
  [[nodiscard]] const std::array<std::uint8_t, 256>& space() const noexcept { return space_; }

  /// Firmware sets a byte, and keeps it from now on.
  void keep(std::uint8_t offset, std::uint8_t value) {
    space_.at(offset) = value;
    settings_.kept.insert(offset);
  }

  std::vector<PciFunction> functions() override;
  std::uint8_t read8(PciAddress at, std::uint8_t offset) override;
  std::uint16_t read16(PciAddress at, std::uint8_t offset) override;
  std::uint32_t read32(PciAddress at, std::uint8_t offset) override;
  void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) override;
  void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) override;
  void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) override;
  std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) override;
  std::uint8_t read8(std::uint16_t port) override;
  void write8(std::uint16_t port, std::uint8_t value) override;

 private:
  friend class LpcWindow;

  [[nodiscard]] bool writable(std::uint64_t address) const;
  [[nodiscard]] PciAddress bridge() const;
  std::uint8_t load(std::uint64_t address);
  void store(std::uint64_t address, std::uint8_t value);

  LpcSettings settings_;
  FwhModel& chip_;
  VirtualClock& clock_;
  std::array<std::uint8_t, 256> space_{};
  std::uint8_t power_index_ = 0;
};

}  // namespace romwright::flash
