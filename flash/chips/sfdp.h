// SPDX-License-Identifier: GPL-2.0-or-later
// What a chip says of itself: Serial Flash Discoverable Parameters, JESD216 to JESD216D.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/chips/chip.h"

namespace romwright::flash {

struct SfdpErase {
  std::uint8_t opcode = 0;
  std::uint32_t size = 0;
  std::chrono::milliseconds typical{0};  ///< 0 where the table is of the first edition
  friend bool operator==(const SfdpErase&, const SfdpErase&) = default;
};

/// The basic flash parameter table, and what the 4-byte address instruction table adds.
struct Sfdp {
  std::uint8_t major = 1, minor = 0;  ///< of the basic table
  std::size_t dwords = 0;             ///< of the basic table: 9 in the first edition
  std::uint64_t size = 0;             ///< bytes
  std::uint32_t page_size = 256;      ///< 256 where the table does not say
  std::vector<SfdpErase> erases;      ///< by size, ascending; each opcode once
  std::chrono::microseconds page_program{0};
  std::chrono::milliseconds chip_erase{0};
  unsigned erase_multiplier = 0;  ///< maximum = 2 * (multiplier + 1) * typical; 0: unknown
  bool volatile_status = false;   ///< block protection is volatile, 0x50 enables writing it
  enum class Addressing { three, three_or_four, four } addressing = Addressing::three;
  std::uint8_t enter_four = 0;   ///< dword 16, bits 31:24: ways into 4-byte addressing
  bool four_byte_table = false;  ///< the table 0xff84 is there
  bool four_byte_read = false, four_byte_program = false;
  std::vector<SfdpErase> four_byte_erases;  ///< with the opcodes of 4-byte addresses
};

/// Reads `size` bytes of the SFDP space from `offset`.
using SfdpReader = std::function<Buffer(std::uint32_t offset, std::size_t size)>;

/// Parses; nothing where there is no signature or the tables make no sense (a size of none or more
/// than 2 GiB, no erase that divides it, pointers outside the 16 MiB of SFDP space). Reads at most
/// 2 KiB.
std::optional<Sfdp> parse_sfdp(const SfdpReader& read);

/// A chip of `sfdp`'s making. It owns the list of erases that the chip points to.
struct SfdpChip {
  std::vector<ChipErase> erases;
  Chip chip;
};
SfdpChip chip_from_sfdp(const Sfdp& sfdp);

}  // namespace romwright::flash
