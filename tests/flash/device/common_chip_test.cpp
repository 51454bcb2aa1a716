// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/common_chip.h"

#include <array>
#include <map>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/chips/table.h"
#include "flash/device/addressing.h"
#include "flash/device/chip_geometry.h"

namespace romwright::flash {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array erases_4k{ChipErase{0x20, 0x1000}};

Chip row() {
  Chip chip;
  chip.name = "A";
  chip.size = 32U << 20;
  chip.erases = erases_4k;
  chip.features.four_byte_enter = true;
  chip.protection.decode = WpDecode::spi25;
  chip.protection.bp = {RegisterBit{1, 2}, RegisterBit{1, 3}};
  chip.protection.srp = {1, 7};
  return chip;
}

TEST(CommonChip, ChipsThatAreTheSameLoseNothing) {
  const Chip a = row(), b = row();
  const auto common = common_chip(std::array<const Chip*, 2>{&a, &b});
  ASSERT_TRUE(common);
  EXPECT_EQ(common->chip->features, a.features);
  EXPECT_EQ(common->chip->protection, a.protection);
  EXPECT_THAT(common->notes, IsEmpty());
}

TEST(CommonChip, EveryNeedAndOnlyCommonAbilities) {
  const Chip a = row();
  Chip b = row();
  b.page_size = 128;
  b.features.four_byte_enter = false;
  b.features.four_byte_enter_wren = true;
  b.features.four_byte_commands = true;
  b.features.ecc = true;
  b.protection.cmp = {2, 6};
  const auto common = common_chip(std::array<const Chip*, 2>{&a, &b});
  ASSERT_TRUE(common);
  EXPECT_EQ(common->chip->page_size, 128U);
  EXPECT_TRUE(common->chip->features.four_byte_enter_wren);
  EXPECT_FALSE(common->chip->features.four_byte_enter);
  EXPECT_FALSE(common->chip->features.four_byte_commands);
  EXPECT_TRUE(common->chip->features.ecc);
  EXPECT_EQ(common->chip->protection.decode, WpDecode::none);
  EXPECT_EQ(common->chip->protection.protect_mask, 0x0c);
  EXPECT_EQ(common->chip->protection.lock_mask, 0x80);
}

TEST(CommonChip, ALockOfSingleBlocksThatOnlyOneHasIsLeftOut) {
  const Chip a = row();
  Chip b = row();
  b.protection.wps = {3, 2};
  const auto common = common_chip(std::array<const Chip*, 2>{&a, &b});
  ASSERT_TRUE(common);
  EXPECT_EQ(common->chip->protection, a.protection);
}

TEST(CommonChip, VoltagesThatExcludeEachOtherAreSaid) {
  const Chip a = row();
  Chip b = row();
  b.millivolts = {1700, 2000};
  const auto common = common_chip(std::array<const Chip*, 2>{&a, &b});
  ASSERT_TRUE(common);
  EXPECT_EQ(common->chip->millivolts, (std::array{1700, 3600}));
  EXPECT_THAT(common->notes,
              ElementsAre("some of them are for 1.7 V and others for 3.6 V: look at the chip"));
}

TEST(CommonChip, TooLittleInCommon) {
  const Chip a = row();
  Chip b = row();
  b.features.four_byte_enter = false;
  b.features.four_byte_commands = true;
  EXPECT_FALSE(common_chip(std::array<const Chip*, 2>{&a, &b}));
  b = row();
  b.size = 64U << 20;
  EXPECT_FALSE(common_chip(std::array<const Chip*, 2>{&a, &b}));
}

/// Every id of the table that several rows share, unless their sizes or ways of programming differ
/// (then SFDP or the user decides).
TEST(CommonChip, SharedIdsOfTheTable) {
  std::map<std::tuple<IdMethod, std::uint32_t, std::uint32_t, std::uint64_t, ProgramMethod>,
           std::vector<const Chip*>>
      groups;
  for (const Chip* chip : all_chips())
    if (chip->manufacturer != 0)
      groups[{chip->id_method, chip->manufacturer, chip->model, chip->size, chip->program}]
          .push_back(chip);
  for (const auto& [id, rows] : groups) {
    const auto common = common_chip(rows);
    if (!common) {
      ADD_FAILURE() << rows.front()->vendor << " " << rows.front()->name << " and "
                    << rows.back()->name << " have too little in common";
      continue;
    }
    EXPECT_NO_THROW(choose_address_mode(*common->chip, {})) << rows.front()->name;
  }
}

}  // namespace
}  // namespace romwright::flash
