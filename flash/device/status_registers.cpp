// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/status_registers.h"

#include <array>
#include <vector>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr std::uint8_t write_enable = 0x06;
constexpr std::uint8_t enable_write_status = 0x50;
// JESD216-class parts need at most some hundred milliseconds; the rule for all operations is 5 s.
constexpr std::chrono::seconds deadline{5};

enum : std::size_t { sr1, sr2, sr3, config };

}  // namespace

StatusRegisters StatusAccess::read() {
  StatusRegisters registers{};
  const std::array<bool, 4> used = protection_registers(chip_);
  registers[sr1] = read_one(0x05);
  // A controller's locked menu may lack the others: their bits are taken for 0 then.
  const SpiLimits limits = bus_.limits();
  if ((used[sr2] || chip_.features.sr2_via_wrsr) && limits.allows(0x35))
    registers[sr2] = read_one(0x35);
  if (used[sr3] && limits.allows(0x15)) registers[sr3] = read_one(0x15);
  if (used[config] && limits.allows(0x15)) registers[config] = read_one(0x15);
  return registers;
}

StatusRegisters StatusAccess::write(const StatusRegisters& from, const StatusRegisters& to,
                                    bool lasting) {
  const std::array<bool, 4> used = protection_registers(chip_);
  const bool second_byte = chip_.features.sr2_via_wrsr;
  if ((second_byte && !bus_.limits().allows(0x35)) || (used[config] && !bus_.limits().allows(0x15)))
    throw RefusedError("the controller's locked opcodes do not reach all status registers",
                       "they are left as they are; an external programmer can change them");
  if (from[sr1] != to[sr1] || (second_byte && from[sr2] != to[sr2]) || from[config] != to[config]) {
    // A write of SR1 alone clears the second byte on many chips: QE and CMP must be sent along.
    std::vector<std::uint8_t> values{to[sr1]};
    if (second_byte) values.push_back(to[sr2]);
    if (!second_byte && used[config]) values.push_back(to[config]);
    write_one(0x01, values, lasting);
  }
  if (!second_byte && from[sr2] != to[sr2]) write_one(0x31, {&to[sr2], 1}, lasting);
  if (from[sr3] != to[sr3]) write_one(0x11, {&to[sr3], 1}, lasting);
  return read();
}

std::uint8_t StatusAccess::read_one(std::uint8_t opcode) {
  std::uint8_t value = 0;
  const SpiOp op = SpiCommand{.opcode = opcode, .in = {&value, 1}};
  bus_.run({&op, 1}, {});
  return value;
}

void StatusAccess::write_one(std::uint8_t opcode, ConstBytes values, bool lasting) {
  const ChipFeatures& features = chip_.features;
  const bool other = features.wrsr_ewsr && (!lasting || !features.wrsr_wren);
  const std::array<SpiOp, 2> program{
      SpiCommand{.opcode = other ? enable_write_status : write_enable},
      SpiCommand{.opcode = opcode, .out = values}};
  bus_.run(program, {});
  stream_.wait_ready(deadline, "status register write");
}

}  // namespace romwright::flash
