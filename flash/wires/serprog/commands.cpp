// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/commands.h"

#include "flash/wires/spi_bytes.h"

namespace romwright::flash {
namespace {

void append_number(Buffer& out, std::uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_spi_header(Buffer& out, std::uint64_t write, std::uint64_t read) {
  append_serprog(out, Serprog::spi);
  append_number(out, write, 3);
  append_number(out, read, 3);
}

}  // namespace

std::string_view serprog_name(Serprog command) {
  switch (command) {
    case Serprog::nop:
      return "NOP";
    case Serprog::query_interface:
      return "Q_IFACE";
    case Serprog::query_commands:
      return "Q_CMDMAP";
    case Serprog::query_name:
      return "Q_PGMNAME";
    case Serprog::query_serial_buffer:
      return "Q_SERBUF";
    case Serprog::query_buses:
      return "Q_BUSTYPE";
    case Serprog::query_operation_buffer:
      return "Q_OPBUF";
    case Serprog::query_longest_write:
      return "Q_WRNMAXLEN";
    case Serprog::init_operations:
      return "O_INIT";
    case Serprog::delay:
      return "O_DELAY";
    case Serprog::execute_operations:
      return "O_EXEC";
    case Serprog::sync:
      return "SYNCNOP";
    case Serprog::query_longest_read:
      return "Q_RDNMAXLEN";
    case Serprog::set_bus:
      return "S_BUSTYPE";
    case Serprog::spi:
      return "O_SPIOP";
    case Serprog::set_clock:
      return "S_SPI_FREQ";
    case Serprog::set_pins:
      return "S_PIN_STATE";
    case Serprog::set_chip_select:
      return "S_SPI_CS";
  }
  return "command";
}

SerprogCommands::SerprogCommands(ConstBytes map) {
  for (std::size_t i = 0; i < known_.size() && i / 8 < map.size(); ++i)
    known_.set(i, (map[i / 8] >> i % 8 & 1) != 0);
}

void append_serprog(Buffer& out, Serprog command) {
  out.push_back(static_cast<std::uint8_t>(command));
}

void append_serprog(Buffer& out, Serprog command, std::uint8_t value) {
  append_serprog(out, command);
  out.push_back(value);
}

void append_serprog(Buffer& out, Serprog command, std::uint32_t value) {
  append_serprog(out, command);
  append_number(out, value, 4);
}

void append_serprog(Buffer& out, const SpiCommand& command) {
  append_spi_header(out, header_size(command) + command.out.size(), command.in.size());
  append_out(out, command);
}

void append_serprog_status(Buffer& out, std::uint8_t opcode, std::uint32_t count) {
  append_spi_header(out, 1, count);
  out.push_back(opcode);
}

}  // namespace romwright::flash
