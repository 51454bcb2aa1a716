// SPDX-License-Identifier: GPL-2.0-or-later
// A chip's description as the shape and speed that a plan needs.
#pragma once

#include <chrono>
#include <cstdint>

#include "flash/bus/flash.h"
#include "flash/bus/spi_bus.h"
#include "flash/chips/chip.h"
#include "flash/device/addressing.h"

namespace romwright::flash {

/// Shape and speed of `chip` over a controller with these limits. Erase types that cannot be sent
/// are left out; opcodes are those of `mode`. Unknown typical times are usual ones of larger chips.
Geometry make_geometry(const Chip& chip, const SpiLimits& limits, AddressMode mode);

/// True for opcodes that erase the whole chip and take no address: 0x60, 0xc7, 0x62.
bool is_chip_erase(std::uint8_t opcode);

/// The longest that an erase of `size` bytes may take: 0.6 s for 4 KiB, 4 s for 64 KiB, 15 s for
/// each MiB of a whole chip, or eight times the typical time where that is longer.
std::chrono::nanoseconds longest_erase(std::uint64_t size, bool whole_chip,
                                       std::chrono::nanoseconds typical);
/// The same for one program command: 5 ms.
std::chrono::nanoseconds longest_program(std::chrono::nanoseconds typical);

}  // namespace romwright::flash
