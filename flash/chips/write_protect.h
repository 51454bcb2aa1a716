// SPDX-License-Identifier: GPL-2.0-or-later
// What the protection bits of a chip's status registers mean: pure decoders, and their reverse.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// "disabled", "hardware", "power_cycle", "permanent".
std::string_view to_string(ProtectionMode mode);

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

/// Every range that some setting of the bits that can be changed now protects, each once, by size.
/// RefusedError where the rule is not known.
std::vector<Range> protectable_ranges(const Chip& chip, const StatusRegisters& registers);

/// The registers with their own lock (SRP) set or cleared. RefusedError where the chip has none.
StatusRegisters with_lock(const Chip& chip, const StatusRegisters& registers, bool locked);

/// Which of the registers (index as in StatusRegisters) hold protection bits.
std::array<bool, 4> protection_registers(const Chip& chip);

}  // namespace romwright::flash
