// SPDX-License-Identifier: GPL-2.0-or-later
// Reads and writes a chip's status registers, each in the chip's own way.
#pragma once

#include <cstdint>

#include "flash/bus/spi_bus.h"
#include "flash/chips/chip.h"
#include "flash/chips/write_protect.h"
#include "flash/device/stream.h"

namespace romwright::flash {

class StatusAccess {
 public:
  StatusAccess(SpiBus& bus, ChipStream& stream, const Chip& chip)
      : bus_(bus), stream_(stream), chip_(chip) {}

  /// Register 1 always; 2, 3 and the configuration register where a protection bit of the chip lies
  /// in them, else 0.
  StatusRegisters read();

  /// Writes those registers that differ from `from` and reads them back. `lasting`: survives a
  /// power cycle; otherwise the chip's volatile write is used where it has one. Returns what the
  /// chip holds afterwards.
  StatusRegisters write(const StatusRegisters& from, const StatusRegisters& to, bool lasting);

 private:
  std::uint8_t read_one(std::uint8_t opcode);
  void write_one(std::uint8_t opcode, ConstBytes values, bool lasting);

  SpiBus& bus_;
  ChipStream& stream_;
  const Chip& chip_;
};

}  // namespace romwright::flash
