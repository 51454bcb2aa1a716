// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_choice.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/device/chip_id.h"
#include "tests/flash/device/fake_nor.h"

namespace romwright::flash {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array fine{ChipErase{0x20, 0x1000}, ChipErase{0xd8, 0x10000}};
constexpr std::array finer{ChipErase{0x20, 0x1000}, ChipErase{0x52, 0x8000},
                           ChipErase{0xd8, 0x10000}};
constexpr std::array coarse{ChipErase{0x20, 0x10000}, ChipErase{0xd8, 0x10000}};
constexpr std::array other{ChipErase{0x52, 0x8000}};

Chip row(std::string_view name, std::span<const ChipErase> erases) {
  Chip chip;
  chip.vendor = "Macronix";
  chip.name = name;
  chip.manufacturer = 0xc2;
  chip.model = 0x2017;
  chip.size = 8U << 20;
  chip.erases = erases;
  return chip;
}

TEST(ChipChoice, OneCandidateIsIt) {
  const Chip only = row("MX25L6406E", fine);
  const std::array<const Chip*, 1> candidates{&only};
  const ChipChoice choice = choose_chip(candidates, nullptr);
  EXPECT_EQ(choice.chip->name, "MX25L6406E");
  EXPECT_EQ(full_name(*choice.chip), "Macronix MX25L6406E");
  EXPECT_THAT(choice.notes, IsEmpty());
}

TEST(ChipChoice, WhatBehavesAlikeIsTakenWithTheCommonErases) {
  const Chip a = row("MX25L6436E", finer);
  const Chip b = row("MX25L6406E", fine);
  const std::array<const Chip*, 2> candidates{&a, &b};
  const ChipChoice choice = choose_chip(candidates, nullptr);
  EXPECT_EQ(choice.chip->name, "MX25L6436E");
  ASSERT_EQ(choice.chip->erases.size(), 2U);
  EXPECT_EQ(choice.chip->erases[0].opcode, 0x20);
  EXPECT_EQ(choice.chip->erases[1].opcode, 0xd8);
  EXPECT_THAT(
      choice.notes,
      ElementsAre("MX25L6436E, MX25L6406E answer alike and behave alike: taken as MX25L6436E",
                  "only the erase commands that all of them know are used"));
}

TEST(ChipChoice, AnOpcodeThatMeansDifferentBlocksIsNotCommon) {
  const Chip a = row("MX25L6405", coarse);
  const Chip b = row("MX25L6406E", fine);
  const std::array<const Chip*, 2> candidates{&a, &b};
  const ChipChoice choice = choose_chip(candidates, nullptr);
  ASSERT_EQ(choice.chip->erases.size(), 1U);
  EXPECT_EQ(choice.chip->erases[0].opcode, 0xd8);
  // SFDP knows better.
  const Chip sfdp = row("", fine);
  EXPECT_EQ(choose_chip(candidates, &sfdp).chip->name, "MX25L6406E");
  EXPECT_EQ(choose_chip(candidates, &sfdp).chip->erases.size(), 2U);
}

TEST(ChipChoice, WhatDiffersIsAsked) {
  const Chip a = row("MX25L6405", fine);
  Chip b = row("MX25L6406E", fine);
  const Chip c = row("MX25L6499", other);
  b.program = ProgramMethod::byte;
  for (const Chip* second : std::array<const Chip*, 2>{&b, &c}) {
    const std::array<const Chip*, 2> candidates{&a, second};
    try {
      choose_chip(candidates, nullptr);
      FAIL();
    } catch (const UsageError& error) {
      EXPECT_EQ(error.line(),
                "several chips answer with this id, and behave differently: MX25L6405, " +
                    std::string(second->name) + " (say which with --chip NAME)");
    }
  }
}

TEST(ChipId, MatchesManufacturerAndModel) {
  Chip chip = row("", fine);
  EXPECT_TRUE(matches(chip, ChipId{.rdid = {0xc2, 0x20, 0x17, 0xc2, 0x20, 0x17}}));
  EXPECT_FALSE(matches(chip, ChipId{.rdid = {0xc2, 0x20, 0x18}}));
  EXPECT_FALSE(matches(chip, ChipId{.rdid = {0xc2, 0x20}}));
  EXPECT_FALSE(matches(chip, ChipId{.rdid = {}}));
  chip.manufacturer = 0x7f9d;
  chip.model = 0x4600;
  EXPECT_TRUE(matches(chip, ChipId{.rdid = {0x7f, 0x9d, 0x46, 0x00}}));
  EXPECT_FALSE(matches(chip, ChipId{.rdid = {0x9d, 0x46, 0x00, 0x00}}));
  chip.manufacturer = 0x01;
  chip.model = 0x02194d01;
  EXPECT_FALSE(matches(chip, ChipId{.rdid = {0x01, 0x02, 0x19, 0x4d, 0x01}}));
  EXPECT_TRUE(matches(chip, ChipId{.rdid = {0x01, 0x02, 0x19, 0xaa, 0x4d, 0x01}}));
}

TEST(ChipId, ReadsWhatTheChipAnswers) {
  test::FakeNor nor(1 << 20);
  ChipId id = read_chip_id(nor);
  EXPECT_EQ(id.bytes(), (Buffer{0xef, 0x40, 0x17}));
  EXPECT_FALSE(id.silent());
  EXPECT_EQ(nor.opcodes, (std::vector<std::uint8_t>{0xab, 0x9f}));
  nor.id = {0x7f, 0x9d, 0x46, 0x00};
  EXPECT_EQ(read_chip_id(nor).bytes(), (Buffer{0x7f, 0x9d, 0x46, 0x00}));
  nor.dead = true;
  nor.opcodes.clear();
  id = read_chip_id(nor);
  EXPECT_TRUE(id.silent());
  EXPECT_FALSE(id.low);
  EXPECT_EQ(nor.opcodes, (std::vector<std::uint8_t>{0xab, 0x9f, 0x90, 0xab, 0x15}));
  nor.dead = false;
  nor.id = Buffer(6, 0x00);
  EXPECT_TRUE(read_chip_id(nor).low);
}

}  // namespace
}  // namespace romwright::flash
