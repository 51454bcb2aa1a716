// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/probe.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/device/fake_nor.h"

namespace romwright::flash {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array erases{ChipErase{0x20, 0x1000}, ChipErase{0xd8, 0x10000}};

Chip row(std::string_view name, std::uint32_t model, std::uint64_t size) {
  Chip chip;
  chip.vendor = "Winbond";
  chip.name = name;
  chip.manufacturer = 0xef;
  chip.model = model;
  chip.size = size;
  chip.erases = erases;
  return chip;
}

struct Fixture {
  ProbeResult probe(const ProbeOptions& options = {}) {
    return flash::probe(nor, options, {rows, sfdp});
  }
  Chip q64 = row("W25Q64BV/W25Q64CV/W25Q64FV", 0x4017, 8U << 20);
  Chip q64jv = row("W25Q64JV-.Q", 0x4017, 8U << 20);
  Chip q32 = row("W25Q32FV", 0x4016, 4U << 20);
  std::array<const Chip*, 3> rows{&q64, &q64jv, &q32};
  std::function<std::optional<OwnedChip>(const SfdpReader&)> sfdp;
  test::FakeNor nor{1 << 20};
};

TEST(Probe, FindsTheChipOfAnId) {
  Fixture fixture;
  fixture.nor.id = {0xef, 0x40, 0x16};
  const ProbeResult result = fixture.probe();
  EXPECT_EQ(result.chip->name, "W25Q32FV");
  EXPECT_EQ(result.id, (Buffer{0xef, 0x40, 0x16}));
  EXPECT_FALSE(result.from_sfdp);
  EXPECT_THAT(result.candidates, ElementsAre("W25Q32FV"));
  EXPECT_THAT(result.notes, IsEmpty());
}

TEST(Probe, SeveralThatBehaveAlike) {
  Fixture fixture;
  const ProbeResult result = fixture.probe();
  EXPECT_EQ(result.chip->name, "W25Q64BV/W25Q64CV/W25Q64FV");
  EXPECT_THAT(result.candidates, ElementsAre("W25Q64BV/W25Q64CV/W25Q64FV", "W25Q64JV-.Q"));
  EXPECT_THAT(result.notes, ElementsAre("W25Q64BV/W25Q64CV/W25Q64FV, W25Q64JV-.Q answer alike and "
                                        "behave alike: taken as W25Q64BV/W25Q64CV/W25Q64FV"));
  EXPECT_EQ(fixture.probe({.chip = "w25q64jv-.q"}).chip->name, "W25Q64JV-.Q");
  EXPECT_THAT(fixture.probe({.chip = "W25Q64CV"}).notes, IsEmpty());
}

TEST(Probe, TheExpectedSizeNarrows) {
  Fixture fixture;
  fixture.q64jv.size = 4U << 20;
  EXPECT_THROW(fixture.probe(), UsageError);
  EXPECT_EQ(fixture.probe({.size = 4U << 20}).chip->name, "W25Q64JV-.Q");
  // A size that none has is for others to complain about.
  EXPECT_THROW(fixture.probe({.size = 1U << 20}), UsageError);
}

TEST(Probe, ANameThatIsNotTheChips) {
  Fixture fixture;
  try {
    fixture.probe({.chip = "W25Q32FV"});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(),
              "--chip W25Q32FV: the chip that answers has the id ef4017 (that is "
              "W25Q64BV/W25Q64CV/W25Q64FV, W25Q64JV-.Q)");
  }
  try {
    fixture.probe({.chip = "W25Q64FW"});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(), "--chip W25Q64FW: no such chip is known (did you mean W25Q64FV?)");
  }
}

TEST(Probe, NothingAnswers) {
  Fixture fixture;
  fixture.nor.dead = true;
  try {
    fixture.probe();
    FAIL();
  } catch (const NoDeviceError& error) {
    EXPECT_EQ(error.line(),
              "no chip answers: every byte reads ff (is the clip on straight, pin 1 to pin 1, and "
              "is the machine without power?)");
  }
  fixture.nor.dead = false;
  fixture.nor.id = Buffer(6, 0);
  try {
    fixture.probe();
    FAIL();
  } catch (const NoDeviceError& error) {
    EXPECT_EQ(error.line(),
              "no chip answers: every byte reads 00 (is the chip powered, and is MISO (pin 2) "
              "connected?)");
  }
}

TEST(Probe, AnUnknownIdIsDescribedBySfdp) {
  Fixture fixture;
  fixture.nor.id = {0x12, 0x34, 0x56};
  try {
    fixture.probe();
    FAIL();
  } catch (const NoDeviceError& error) {
    EXPECT_EQ(error.line(),
              "a chip with the unknown id 123456 answers, without SFDP (name a chip that behaves "
              "like it with --chip, or check the wiring)");
  }
  fixture.sfdp = [](const SfdpReader& read) {
    EXPECT_EQ(read(0, 300).size(), 300U);
    return std::optional(OwnedChip(row("SFDP", 0, 2U << 20)));
  };
  fixture.nor.limits_.max_in = 64;
  const ProbeResult result = fixture.probe();
  EXPECT_TRUE(result.from_sfdp);
  EXPECT_EQ(result.chip->size, 2U << 20);
  EXPECT_THAT(result.notes, ElementsAre("the id 123456 is in no table: SFDP describes the chip"));
  EXPECT_EQ(std::count(fixture.nor.opcodes.begin(), fixture.nor.opcodes.end(), 0x5a), 5);
}

TEST(Probe, TheShippedTableKnowsTheCommonestChip) {
  test::FakeNor nor(1 << 20);
  const ProbeResult result = probe(nor);
  EXPECT_EQ(result.chip->size, 8U << 20);
  EXPECT_EQ(result.chip->vendor, "Winbond");
  EXPECT_GE(result.candidates.size(), 1U);
}

}  // namespace
}  // namespace romwright::flash
