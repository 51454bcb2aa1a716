// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of a SPI NOR chip: one row of a vendor's table, or what SFDP told.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/bus/flash.h"

namespace romwright::flash {

/// How bytes are programmed.
enum class ProgramMethod : std::uint8_t {
  page,      ///< opcode 0x02 (0x12), up to a page
  aai_word,  ///< SST25: auto address increment, two bytes at a time
  byte,      ///< one byte a command
};

/// Which command a chip tells its id by; only chips from before JEDEC's have no 0x9f.
enum class IdMethod : std::uint8_t {
  rdid,   ///< 0x9f: manufacturer, two bytes of model
  rems,   ///< 0x90: manufacturer, one byte
  res1,   ///< 0xab: one byte
  res2,   ///< 0xab: manufacturer, one byte
  at25f,  ///< 0x15: manufacturer, one byte (AT25F)
};

/// What a chip needs or offers beyond the common commands; a set of flags.
struct ChipFeatures {
  bool wrsr_ewsr = false;     ///< 0x50 before WRSR
  bool wrsr_wren = true;      ///< 0x06 before WRSR
  bool fast_read = false;     ///< 0x0b
  bool sr2_via_wrsr = false;  ///< SR2 is the second byte of 0x01
  bool sr2_via_31 = false;    ///< SR2 is written with 0x31
  bool sr3_via_11 = false;
  bool four_byte_enter = false;       ///< 0xb7 / 0xe9 without WREN
  bool four_byte_enter_wren = false;  ///< 0xb7 / 0xe9 after WREN
  bool four_byte_ear = false;         ///< extended address register 0xc5 / 0xc8
  bool four_byte_bank = false;        ///< bank register 0x17 / 0x16
  bool four_byte_commands = false;    ///< 0x13, 0x0c, 0x12, 0x21, 0xdc
  bool four_byte_only = false;        ///< always four address bytes
  bool otp = false;
  bool ecc = false;  ///< a page must not be programmed twice
  friend bool operator==(const ChipFeatures&, const ChipFeatures&) = default;
};

/// One erase command. Uniform when `runs` is empty: blocks of `size` over the whole chip.
struct ChipErase {
  std::uint8_t opcode = 0;
  std::uint32_t size = 0;
  std::span<const EraseRun> runs = {};
};

/// A bit of a status register: register 1, 2 or 3 (4: the configuration register), bit 0 to 7;
/// register 0 is none.
struct RegisterBit {
  std::uint8_t reg = 0;
  std::uint8_t bit = 0;
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return reg != 0; }
  friend bool operator==(const RegisterBit&, const RegisterBit&) = default;
};

/// Which rule turns protection bits into a range (write-protect decoders of flash_chips facts).
enum class WpDecode : std::uint8_t {
  none,
  spi25,
  spi25_64k_block,
  spi25_bit_cmp,
  spi25_2x_block,
  spi25_bp3_to_1_16,
};

/// The bits that protect ranges of the chip.
struct ChipProtection {
  WpDecode decode = WpDecode::none;
  RegisterBit srp, srl, tb, sec, cmp, wps;
  std::array<RegisterBit, 5> bp{};
  std::uint8_t protect_mask = 0;  ///< bits of SR1 that protect, where `decode` is none
  std::uint8_t lock_mask = 0;     ///< bits of SR1 that lock the register
  friend bool operator==(const ChipProtection&, const ChipProtection&) = default;
};

/// Typical times; zero where unknown.
struct ChipTimes {
  std::chrono::microseconds page_program{0};
  std::chrono::milliseconds erase_4k{0};
  std::chrono::milliseconds erase_32k{0};
  std::chrono::milliseconds erase_64k{0};
  std::chrono::milliseconds chip_erase{0};
};

/// A row. `name` may list several parts that behave alike, separated by '/'.
struct Chip {
  std::string_view vendor;
  std::string_view name;
  std::uint32_t manufacturer = 0;  ///< JEDEC id, continuation bytes 0x7f in front
  std::uint32_t model = 0;         ///< two bytes of RDID (four where rdid_bytes is 4 or more)
  IdMethod id_method = IdMethod::rdid;
  std::uint8_t rdid_bytes = 3;
  std::uint64_t size = 0;
  std::uint32_t page_size = 256;
  ProgramMethod program = ProgramMethod::page;
  std::array<int, 2> millivolts{2700, 3600};
  ChipFeatures features{};
  std::span<const ChipErase> erases;
  ChipProtection protection{};
  ChipTimes times{};
};

}  // namespace romwright::flash
