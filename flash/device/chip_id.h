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
  bool low = false;  ///< nothing answered, and the line was low (00); otherwise high (ff)

  [[nodiscard]] bool silent() const noexcept { return rdid.empty() && rems.empty() && res.empty(); }
  /// The answer as messages show it, the bytes that matter of the best of the three.
  [[nodiscard]] Buffer bytes() const;
};

/// Wakes the chip from deep power-down (0xab) and reads its id; 0x90 and 0xab are asked only where
/// 0x9f is not answered. Opcodes that the controller does not send are left out.
ChipId read_chip_id(SpiBus& bus);

/// True when the answer to 0x9f is that of `chip`: manufacturer (with its 0x7f in front), then two
/// bytes of model; four, leaving out the third, where the model has more than 16 bits.
bool matches(const Chip& chip, ConstBytes rdid);

}  // namespace romwright::flash
