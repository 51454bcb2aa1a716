// SPDX-License-Identifier: GPL-2.0-or-later
// The serprog protocol, version 1: its commands as bytes. Numbers are little-endian; a device
// answers ACK and what was asked for, or NAK.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

enum class Serprog : std::uint8_t {
  nop = 0x00,
  query_interface = 0x01,
  query_commands = 0x02,
  query_name = 0x03,
  query_serial_buffer = 0x04,
  query_buses = 0x05,
  query_operation_buffer = 0x07,
  query_longest_write = 0x08,
  init_operations = 0x0b,
  delay = 0x0e,
  execute_operations = 0x0f,
  sync = 0x10,
  query_longest_read = 0x11,
  set_bus = 0x12,
  spi = 0x13,
  set_clock = 0x14,
  set_pins = 0x15,
  set_chip_select = 0x16,
};

inline constexpr std::uint8_t serprog_ack = 0x06;
inline constexpr std::uint8_t serprog_nak = 0x15;
inline constexpr std::uint8_t serprog_spi_bus = 0x08;       ///< of the flags of Q_BUSTYPE
inline constexpr std::uint32_t serprog_longest = 1U << 24;  ///< lengths have 24 bits; 0 means this
inline constexpr std::size_t serprog_spi_header = 7;        ///< bytes of O_SPIOP before the chip's
inline constexpr std::size_t serprog_delay_size = 5;  ///< of O_DELAY, in the operation buffer too

/// "O_SPIOP": the command as the protocol's document names it.
std::string_view serprog_name(Serprog command);

/// Which commands a device has, from the 32 bytes of Q_CMDMAP.
class SerprogCommands {
 public:
  SerprogCommands() = default;
  explicit SerprogCommands(ConstBytes map);
  [[nodiscard]] bool has(Serprog command) const {
    return known_.test(static_cast<std::size_t>(command));
  }

 private:
  std::bitset<256> known_;
};

/// Appends a command without parameters, or with one byte or a 32-bit number.
void append_serprog(Buffer& out, Serprog command);
void append_serprog(Buffer& out, Serprog command, std::uint8_t value);
void append_serprog(Buffer& out, Serprog command, std::uint32_t value);

/// Appends an O_SPIOP. Both directions hold less than 2^24 bytes, which the caller has checked.
void append_serprog(Buffer& out, const SpiCommand& command);
/// Appends an O_SPIOP that reads a status register `count` times in one chip-select cycle.
void append_serprog_status(Buffer& out, std::uint8_t opcode, std::uint32_t count);

}  // namespace romwright::flash
