// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chips/write_protect.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;

/// W25Q64FV: BP0-2, TB, SEC in SR1; SRP1, CMP in SR2.
Chip winbond() {
  Chip chip;
  chip.vendor = "Winbond";
  chip.name = "W25Q64FV";
  chip.size = 8 * mib;
  ChipProtection& protection = chip.protection;
  protection.decode = WpDecode::spi25;
  protection.bp = {{{1, 2}, {1, 3}, {1, 4}}};
  protection.tb = {1, 5};
  protection.sec = {1, 6};
  protection.srp = {1, 7};
  protection.srl = {2, 0};
  protection.cmp = {2, 6};
  return chip;
}

Range range(const Chip& chip, std::uint8_t sr1, std::uint8_t sr2 = 0) {
  return decode_protection(chip, {sr1, sr2, 0, 0}).range;
}

// Data sheet W25Q64FV, "Status register memory protection", CMP = 0 and 1.
TEST(WriteProtect, WinbondTables) {
  const Chip chip = winbond();
  EXPECT_EQ(range(chip, 0x00), Range{});
  EXPECT_EQ(range(chip, 0x04), (Range{0x7e0000, 128 * kib}));
  EXPECT_EQ(range(chip, 0x18), (Range{0x400000, 4 * mib}));
  EXPECT_EQ(range(chip, 0x24), (Range{0, 128 * kib}));
  EXPECT_EQ(range(chip, 0x38), (Range{0, 4 * mib}));
  EXPECT_EQ(range(chip, 0x1c), (Range{0, 8 * mib}));
  EXPECT_EQ(range(chip, 0x44), (Range{0x7ff000, 4 * kib}));
  EXPECT_EQ(range(chip, 0x50), (Range{0x7f8000, 32 * kib}));
  EXPECT_EQ(range(chip, 0x54), (Range{0x7f8000, 32 * kib}));
  EXPECT_EQ(range(chip, 0x64), (Range{0, 4 * kib}));
  EXPECT_EQ(range(chip, 0x04, 0x40), (Range{0, 8 * mib - 128 * kib}));
  EXPECT_EQ(range(chip, 0x24, 0x40), (Range{128 * kib, 8 * mib - 128 * kib}));
  EXPECT_EQ(range(chip, 0x00, 0x40), (Range{0, 8 * mib}));
  EXPECT_EQ(range(chip, 0x1c, 0x40), Range{});
}

TEST(WriteProtect, OtherRules) {
  Chip chip = winbond();
  chip.size = 16 * mib;
  chip.protection.bp[3] = {1, 6};
  chip.protection.sec = {};
  EXPECT_EQ(range(chip, 0x04),
            (Range{16 * mib - 64 * kib, 64 * kib}));   // 1 of 15, blocks of 64 KiB
  EXPECT_EQ(range(chip, 0x44), (Range{0, 16 * mib}));  // 256 blocks
  chip.protection.decode = WpDecode::spi25_2x_block;
  EXPECT_EQ(range(chip, 0x04), (Range{16 * mib - 128 * kib, 128 * kib}));
  chip.protection.decode = WpDecode::spi25_bp3_to_1_16;
  EXPECT_EQ(range(chip, 0x08), Range{});
  EXPECT_EQ(range(chip, 0x0c), (Range{16 * mib - 64 * kib, 64 * kib}));
  EXPECT_EQ(range(chip, 0x10), (Range{16 * mib - 128 * kib, 128 * kib}));
  chip = winbond();
  chip.size = 32 * mib;
  EXPECT_EQ(range(chip, 0x04).size, 512 * kib);
  chip.protection.decode = WpDecode::spi25_64k_block;
  EXPECT_EQ(range(chip, 0x04).size, 64 * kib);
  chip = winbond();
  chip.protection.decode = WpDecode::spi25_bit_cmp;
  EXPECT_EQ(range(chip, 0x1c, 0x40), (Range{0, 8 * mib}));
  EXPECT_EQ(range(chip, 0x00, 0x40), Range{});
}

TEST(WriteProtect, ModesAndBits) {
  const Chip chip = winbond();
  const auto mode = [&](std::uint8_t sr1, std::uint8_t sr2) {
    return decode_protection(chip, {sr1, sr2, 0, 0}).mode;
  };
  EXPECT_EQ(mode(0x00, 0x00), ProtectionMode::disabled);
  EXPECT_EQ(mode(0x80, 0x00), ProtectionMode::hardware);
  EXPECT_EQ(mode(0x00, 0x01), ProtectionMode::power_cycle);
  EXPECT_EQ(mode(0x80, 0x01), ProtectionMode::permanent);
  EXPECT_EQ(decode_protection(chip, {0x68, 0x40, 0, 0}).bits, "BP=2 TB=1 SEC=1 CMP=1");
}

TEST(WriteProtect, WithoutADecoderAnyBitProtectsEverything) {
  Chip chip;
  chip.size = 2 * mib;
  chip.protection.protect_mask = 0x3c;
  chip.protection.lock_mask = 0x80;
  EXPECT_EQ(range(chip, 0x43), Range{});
  EXPECT_EQ(range(chip, 0x04), (Range{0, 2 * mib}));
  EXPECT_EQ(decode_protection(chip, {0x9c, 0, 0, 0}).mode, ProtectionMode::hardware);
  EXPECT_EQ(decode_protection(chip, {0x9c, 0, 0, 0}).bits, "SR1=0x9c");
  EXPECT_EQ(without_protection(chip, {0xfc, 1, 2, 3}), (StatusRegisters{0x40, 1, 2, 3}));
  EXPECT_THROW(with_protection(chip, {}, {0, 65536}), RefusedError);
}

TEST(WriteProtect, LocksOfItsOwnForEachBlock) {
  Chip chip = winbond();
  chip.protection.wps = {3, 2};
  const ProtectionState state = decode_protection(chip, {0, 0, 0x04, 0});
  EXPECT_TRUE(state.individual);
  EXPECT_EQ(state.range, (Range{0, 8 * mib}));
  EXPECT_EQ(without_protection(chip, {0, 0, 0x64, 0}), (StatusRegisters{0, 0, 0x60, 0}));
  EXPECT_EQ(protection_registers(chip), (std::array<bool, 4>{true, true, true, false}));
}

TEST(WriteProtect, EverySettingCanBeFoundAgain) {
  const Chip chip = winbond();
  for (unsigned bits = 0; bits < 64; ++bits) {
    const StatusRegisters registers{static_cast<std::uint8_t>((bits & 31) << 2 | 0x80),
                                    static_cast<std::uint8_t>((bits & 32) << 1 | 0x02), 0, 0};
    const Range wanted = decode_protection(chip, registers).range;
    const StatusRegisters found = with_protection(chip, {0x80, 0x02, 0, 0}, wanted);
    EXPECT_EQ(decode_protection(chip, found).range, wanted) << bits;
    EXPECT_EQ(found[0] & 0x83, 0x80);
    EXPECT_EQ(found[1] & 0xbf, 0x02);
    EXPECT_TRUE(decode_protection(chip, without_protection(chip, registers)).range.empty());
  }
}

TEST(WriteProtect, NamesTheNearestRanges) {
  try {
    with_protection(winbond(), {}, {0, 100 * kib});
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(),
              "Winbond W25Q64FV: cannot protect 0x0+0x19000 (it can protect 0x0+0x8000 or "
              "0x0+0x20000)");
  }
}

}  // namespace
}  // namespace romwright::flash
