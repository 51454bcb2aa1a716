// SPDX-License-Identifier: GPL-2.0-or-later
// What the model's SFDP space says is what the table says: for every chip.
#include <algorithm>

#include <gtest/gtest.h>

#include "flash/chips/sfdp.h"
#include "tests/flash/sim/chips.h"

namespace romwright::flash::test {
namespace {

std::optional<Sfdp> parse(ConstBytes space) {
  return parse_sfdp([&](std::uint32_t offset, std::size_t size) {
    Buffer read(size, 0xff);
    for (std::size_t i = 0; i < size && offset + i < space.size(); ++i) read[i] = space[offset + i];
    return read;
  });
}

TEST(MakeSfdp, RoundTripOfEveryChip) {
  std::size_t parsed = 0;
  for (const Chip* chip : all_chips()) {
    const bool uniform = std::ranges::any_of(chip->erases, [&](const ChipErase& erase) {
      return erase.runs.empty() && erase.size < chip->size && erase.opcode != 0x21 &&
             erase.opcode != 0x5c && erase.opcode != 0xdc;
    });
    const auto sfdp = parse(make_sfdp(*chip));
    EXPECT_EQ(sfdp.has_value(), uniform) << chip->name;
    if (!sfdp) continue;
    ++parsed;
    EXPECT_EQ(sfdp->size, chip->size) << chip->name;
    for (const SfdpErase& erase : sfdp->erases) {
      const auto row = std::ranges::find(chip->erases, erase.opcode, &ChipErase::opcode);
      ASSERT_NE(row, chip->erases.end()) << chip->name;
      EXPECT_EQ(row->size, erase.size) << chip->name;
    }
    if (sfdp->dwords >= 11) {
      EXPECT_EQ(sfdp->page_size, chip->page_size) << chip->name;
      EXPECT_GE(sfdp->page_program, chip->times.page_program) << chip->name;
      EXPECT_LT(sfdp->page_program, chip->times.page_program + std::chrono::microseconds(64));
    }
    EXPECT_EQ(sfdp->four_byte_table, chip->features.four_byte_commands) << chip->name;
  }
  EXPECT_GT(parsed, 400U);
}

TEST(MakeSfdp, TheChipAnswersIt) {
  SimChip sim("W25Q64FV");
  const Buffer space = sim.ask({0x5a, 0, 0, 0, 0}, 256);
  EXPECT_EQ(space, make_sfdp(sim.chip));
  EXPECT_EQ(sim.ask({0x5a, 0, 0, 0xfe, 0}, 4), (Buffer{space[254], space[255], 0xff, 0xff}));
  const auto sfdp = parse(space);
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->size, 8U << 20);
  EXPECT_EQ(sfdp->page_size, 256U);
  EXPECT_EQ(sfdp->erases,
            (std::vector<SfdpErase>{
                {0x20, 4U << 10, 48ms}, {0x52, 32U << 10, 128ms}, {0xd8, 64U << 10, 160ms}}));
  EXPECT_EQ(sfdp->page_program, 704us);
}

}  // namespace
}  // namespace romwright::flash::test
