// SPDX-License-Identifier: GPL-2.0-or-later
// What the protection bits of a chip's status registers mean: pure decoders, and their reverse.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "flash/base/range.h"
#include "flash/chips/chip.h"

namespace romwright::flash {

/// The status registers 1 to 3 and, as the fourth, the configuration register.
using StatusRegisters = std::array<std::uint8_t, 4>;

/// How the registers themselves are protected (SRP0 and SRP1, alias SRP and SRL).
enum class ProtectionMode : std::uint8_t {
  disabled,     ///< writable
  hardware,     ///< writable while the WP# pin is high
  power_cycle,  ///< locked until the power is cut
  permanent,    ///< locked for ever
};

struct ProtectionState {
  Range range;              ///< what the bits protect; empty for nothing
  bool individual = false;  ///< WPS: each block has a lock of its own, which `range` cannot tell
  ProtectionMode mode = ProtectionMode::disabled;
  std::string bits;  ///< "BP=3 TB=1 SEC=0 CMP=0", as messages show them
};

/// Decodes the registers by the chip's rule. Where the rule is none, any set bit of `protect_mask`
/// protects the whole chip.
ProtectionState decode_protection(const Chip& chip, const StatusRegisters& registers);

/// The registers with every protection bit cleared, and all other bits as they are.
StatusRegisters without_protection(const Chip& chip, const StatusRegisters& registers);

/// The first setting of the protection bits whose range is `range`; RefusedError naming the nearest
/// larger and smaller ranges where the chip has none.
StatusRegisters with_protection(const Chip& chip, const StatusRegisters& registers, Range range);

/// Which of the registers (index as in StatusRegisters) hold protection bits.
std::array<bool, 4> protection_registers(const Chip& chip);

}  // namespace romwright::flash
