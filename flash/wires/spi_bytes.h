// SPDX-License-Identifier: GPL-2.0-or-later
// A SPI command as the bytes that go over the wire.
#pragma once

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

/// Opcode, address (most significant byte first) and dummy bytes (0): the part before the data.
inline std::size_t header_size(const SpiCommand& command) noexcept {
  return std::size_t{1} + command.address_bytes + command.dummy_bytes;
}

/// Appends the header and the data out.
inline void append_out(Buffer& bytes, const SpiCommand& command) {
  bytes.push_back(command.opcode);
  for (unsigned i = command.address_bytes; i-- > 0;)
    bytes.push_back(static_cast<std::uint8_t>(command.address >> (8 * i)));
  bytes.insert(bytes.end(), command.dummy_bytes, 0);
  bytes.insert(bytes.end(), command.out.begin(), command.out.end());
}

}  // namespace romwright::flash
