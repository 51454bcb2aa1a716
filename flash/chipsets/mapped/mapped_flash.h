// SPDX-License-Identifier: GPL-2.0-or-later
// A chip in the address space as a Flash.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "flash/bus/flash.h"
#include "flash/chipsets/mapped/chip_bus.h"
#include "flash/chipsets/mapped/part.h"
#include "flash/chipsets/mapped/rom_gate.h"

namespace romwright::flash::mapped {

/// A block with its lock register.
struct BlockLock {
  Range block;
  std::uint8_t value = 0;
  [[nodiscard]] bool write_locked() const noexcept { return (value & 1U) != 0; }
  [[nodiscard]] bool locked_down() const noexcept { return (value & 2U) != 0; }
  [[nodiscard]] bool read_locked() const noexcept { return (value & 4U) != 0; }
};

class MappedFlash final : public Flash {
 public:
  /// Machine and gate, which is open, outlive it.
  MappedFlash(Machine& machine, RomGate& gate, const Part& part);

  [[nodiscard]] const Part& part() const noexcept { return part_; }
  [[nodiscard]] const Geometry& geometry() const noexcept override { return geometry_; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  void read(std::uint64_t offset, Bytes into, Run& run) override;
  /// Opens the locks of what the steps touch, and puts them back at the end, however that comes.
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override;
  [[nodiscard]] FlashStatistics statistics() const override { return statistics_; }

  /// The lock registers as they are; none where the chip does not have them.
  [[nodiscard]] std::vector<BlockLock> locks();

 private:
  std::vector<BlockLock> unlock(std::span<const FlashStep> steps);
  void lock(const std::vector<BlockLock>& before);
  void check_gate(std::span<const FlashStep> steps);
  void step(const FlashStep& step);
  void program(const Write& write);

  RomGate& gate_;
  const Part& part_;
  ChipBus bus_;
  std::unique_ptr<Registers> lock_window_;
  Geometry geometry_;
  FlashStatistics statistics_;
};

}  // namespace romwright::flash::mapped
