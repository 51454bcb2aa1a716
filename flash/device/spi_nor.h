// SPDX-License-Identifier: GPL-2.0-or-later
// A SPI NOR chip on a SpiBus as a Flash.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "flash/bus/flash.h"
#include "flash/bus/spi_bus.h"
#include "flash/chips/write_protect.h"
#include "flash/device/addressing.h"
#include "flash/device/chip_geometry.h"
#include "flash/device/learned_time.h"
#include "flash/device/owned_chip.h"
#include "flash/device/status_registers.h"
#include "flash/device/stream.h"

namespace romwright::flash {

class SpiNor final : public Flash, private WriteProtect {
 public:
  /// Enters 4-byte mode where the chip needs it. Throws RefusedError where the controller cannot
  /// reach the whole chip.
  SpiNor(SpiBus& bus, OwnedChip chip);
  /// Leaves 4-byte mode.
  ~SpiNor() override;

  [[nodiscard]] const Chip& chip() const noexcept { return *chip_; }
  [[nodiscard]] AddressMode address_mode() const noexcept { return mode_; }
  [[nodiscard]] const Geometry& geometry() const noexcept override { return geometry_; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  [[nodiscard]] WriteProtect* write_protect() noexcept override { return this; }
  void read(std::uint64_t offset, Bytes into, Run& run) override;
  /// Lifts removable protections of what the steps touch, and restores them at the end, however
  /// that comes.
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override;
  void set_streaming(bool streams) override { streams_ = streams; }
  std::optional<std::uint32_t> slow_down() override;
  [[nodiscard]] FlashStatistics statistics() const override;

 private:
  [[nodiscard]] WriteProtectStatus status() override;
  [[nodiscard]] std::vector<Range> ranges() override;
  void protect(Range range) override;
  void lock(bool locked) override;
  void set_registers(const StatusRegisters& now, const StatusRegisters& wanted);
  SpiCommand addressed(std::uint8_t opcode, std::uint64_t offset) const;
  void select_segment(std::uint64_t offset);
  void enter_four_bytes(bool enter);
  void erase(const Erase& erase);
  void program(const Write& write);
  void program_pages(const Write& write, std::size_t limit);
  void program_words(const Write& write);
  void program_word_run(std::uint64_t offset, ConstBytes data);
  /// The part of `range` from its start on that one setting of the address register reaches.
  std::uint64_t reach(Range range) const;

  SpiBus& bus_;
  OwnedChip chip_;
  AddressMode mode_;
  SpiLimits limits_;
  std::uint8_t read_opcode_ = 0x03;
  std::uint8_t program_opcode_ = 0x02;
  std::uint8_t segment_ = 0;  ///< what the extended address register holds
  Geometry geometry_;
  bool streams_ = true;
  ChipStream stream_;
  StatusAccess registers_;
  LearnedTime program_time_;
  std::vector<LearnedTime> erase_times_;  ///< one an erase type
  FlashStatistics statistics_;
};

}  // namespace romwright::flash
