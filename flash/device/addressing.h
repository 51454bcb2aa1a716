// SPDX-License-Identifier: GPL-2.0-or-later
// How a chip is told addresses: three bytes, four in any of the ways that chips know.
#pragma once

#include <cstdint>
#include <optional>

#include "flash/bus/spi_bus.h"
#include "flash/chips/chip.h"

namespace romwright::flash {

enum class AddressMode : std::uint8_t {
  three,      ///< chips of at most 16 MiB
  dedicated,  ///< opcodes of their own: 0x13, 0x0c, 0x12, 0x21, 0x5c, 0xdc
  entered,    ///< 0xb7 before, 0xe9 afterwards
  four_only,  ///< the chip always takes four
  extended,   ///< three bytes, the fourth in a register (0xc5, or the bank register 0x17)
};

/// The best mode that chip and controller share: dedicated opcodes before modes before registers.
/// Throws RefusedError where there is none for the chip's size.
AddressMode choose_address_mode(const Chip& chip, const SpiLimits& limits);

/// The opcode that does in `mode` what `opcode` does with three address bytes, 0 where there is
/// none. Knows read, fast read, page program and the block erases 0x20, 0x52, 0xd8.
std::uint8_t opcode_in(AddressMode mode, std::uint8_t opcode);

/// True for opcodes that take four address bytes in any mode.
bool is_four_byte_opcode(std::uint8_t opcode);

[[nodiscard]] constexpr std::uint8_t address_bytes(AddressMode mode) noexcept {
  return mode == AddressMode::three || mode == AddressMode::extended ? 3 : 4;
}

}  // namespace romwright::flash
