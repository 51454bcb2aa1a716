// SPDX-License-Identifier: GPL-2.0-or-later
// Asks a chip who it is, in the ways that chips know.
#pragma once

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"
#include "flash/chips/chip.h"

namespace romwright::flash {

/// What a chip answered; each empty where it answered nothing (all bytes 00, or all ff).
struct ChipId {
  Buffer rdid;       ///< six bytes of 0x9f
  Buffer rems;       ///< two bytes of 0x90
  Buffer res;        ///< three bytes of 0xab
  Buffer at25f;      ///< two bytes of 0x15, as AT25F chips answer
  bool low = false;  ///< nothing answered, and the line was low (00); otherwise high (ff)

  [[nodiscard]] bool silent() const noexcept {
    return rdid.empty() && rems.empty() && res.empty() && at25f.empty();
  }
  /// The answer as messages show it, the bytes that matter of the best of the three.
  [[nodiscard]] Buffer bytes() const;
};

/// Wakes the chip from deep power-down (0xab) and reads its id; 0x90, 0xab and 0x15 are asked only
/// where 0x9f is not answered. Opcodes that the controller does not send are left out.
ChipId read_chip_id(SpiBus& bus);

/// True when `id` is that of `chip`. By 0x9f: manufacturer (with its 0x7f in front), then two bytes
/// of model; four, leaving out the third, where the model has more than 16 bits. By the others as
/// IdMethod says; one byte of 0xab counts only where nothing else was answered.
bool matches(const Chip& chip, const ChipId& id);

}  // namespace romwright::flash
