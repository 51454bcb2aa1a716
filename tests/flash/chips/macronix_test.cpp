// SPDX-License-Identifier: GPL-2.0-or-later
// Macronix's chips have no second status register: there 0x35 starts four-line mode, in which the
// chip no longer answers on one line.
#include <gtest/gtest.h>

#include "flash/chips/table.h"
#include "flash/chips/write_protect.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t mib_16 = 16U << 20;

TEST(Macronix, NoRowHasAStatusRegister2Or3) {
  std::size_t rows = 0;
  for (const Chip* chip : all_chips()) {
    if (chip->manufacturer != 0xc2) continue;
    ++rows;
    EXPECT_FALSE(chip->features.sr2_via_wrsr) << chip->name;
    EXPECT_FALSE(chip->features.sr2_via_31) << chip->name;
    EXPECT_FALSE(chip->features.sr3_via_11) << chip->name;
    const std::array<bool, 4> used = protection_registers(*chip);
    EXPECT_FALSE(used[1]) << chip->name;
    EXPECT_FALSE(used[2]) << chip->name;
  }
  EXPECT_EQ(rows, 61U);
}

// Data sheet MX25L25645G, "Protected area sizes": TB is bit 3 of the configuration register.
TEST(Macronix, TopBottomBitInTheConfigurationRegister) {
  const Chip& chip = *find_chips("MX25L25635F").at(0);
  const auto range = [&](std::uint8_t sr1, std::uint8_t configuration) {
    return decode_protection(chip, {sr1, 0, 0, configuration}).range;
  };
  EXPECT_EQ(range(0x00, 0x08), Range{});
  EXPECT_EQ(range(0x04, 0x00), (Range{2 * mib_16 - 0x10000, 0x10000}));
  EXPECT_EQ(range(0x04, 0x08), (Range{0, 0x10000}));
  EXPECT_EQ(range(0x24, 0x00), (Range{mib_16, mib_16}));  // BP = 9: 256 blocks
  EXPECT_EQ(range(0x28, 0x00), (Range{0, 2 * mib_16}));   // BP = 10 to 15: all
  EXPECT_EQ(range(0x3c, 0x08), (Range{0, 2 * mib_16}));
}

// Data sheet MX25L6445E, "Protected area sizes": the first setting is two blocks.
TEST(Macronix, TwoBlocksAtLeast) {
  const Chip& chip = *find_chips("MX25L6445E").at(0);
  const auto range = [&](std::uint8_t sr1) { return decode_protection(chip, {sr1}).range; };
  EXPECT_EQ(range(0x00), Range{});
  EXPECT_EQ(range(0x04), (Range{0x7e0000, 0x20000}));
  EXPECT_EQ(range(0x18), (Range{0x400000, 0x400000}));
  EXPECT_EQ(range(0x3c), (Range{0, 0x800000}));
}

}  // namespace
}  // namespace romwright::flash
