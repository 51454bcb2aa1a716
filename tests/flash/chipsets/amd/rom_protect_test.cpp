// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/rom_protect.h"

#include <gtest/gtest.h>

#include "tests/flash/chipsets/intel/fake_machine.h"

namespace romwright::flash::amd {
namespace {

constexpr PciAddress lpc{0, 0, 0x14, 3};
constexpr std::uint64_t mib = 1U << 20;

TEST(RomProtect, BitsOfTheRegister) {
  const RomProtect one = decode_rom_protect(0xfff80000 | 0x7fc | 1);
  EXPECT_TRUE(one.no_write);
  EXPECT_FALSE(one.no_read);
  EXPECT_EQ(one.mapped, (Range{0xfff80000, 0x80000}));
  const RomProtect least = decode_rom_protect(0xfffff800 | 2);
  EXPECT_FALSE(least.no_write);
  EXPECT_TRUE(least.no_read);
  EXPECT_EQ(least.mapped, (Range{0xfffff800, 0x400}));
}

TEST(RomProtect, TheTopOfTheAddressesIsTheChipsEnd) {
  using Ranges = std::vector<Range>;
  EXPECT_EQ(in_chip({0xfff80000, 0x80000}, 4 * mib), (Ranges{{0x380000, 0x80000}}));
  EXPECT_EQ(in_chip({0xffff0000, 0x80000}, 4 * mib), (Ranges{{0x3f0000, 0x10000}}));
  // Below the window it may count from the chip's start.
  EXPECT_EQ(in_chip({0x100000, 0x1000}, 4 * mib), (Ranges{{0x100000, 0x1000}}));
  // The end of the first MiB shows the chip's end too.
  EXPECT_EQ(in_chip({0xf0000, 0x1000}, 4 * mib), (Ranges{{0xf0000, 0x1000}, {0x3f0000, 0x1000}}));
}

TEST(RomProtect, WhatLetsItselfBeClearedIsLiftedAndPutBack) {
  intel::FakeMachine fake;
  fake.list(lpc, 0x780e);
  fake.put_config(lpc, 0x50, 0xfff80000 | 0x7fc | 1);
  fake.put_config(lpc, 0x58, 0xfff00000 | 0x7fc | 2);
  fake.put_config(lpc, 0x5c, 0xffffffff);
  RomProtects protects(fake, lpc);
  ASSERT_EQ(protects.found().size(), 2U);
  EXPECT_EQ(protects.found()[0].name, "ROM protect 0");
  EXPECT_EQ(protects.found()[1].name, "ROM protect 2");
  EXPECT_TRUE(fake.config_writes.empty());
  EXPECT_TRUE(protects.removable(protects.found()[0]));
  EXPECT_EQ(fake.read32(lpc, 0x50), 0xfff807fdU);
  EXPECT_TRUE(protects.lift(protects.found()[0]));
  EXPECT_EQ(fake.read32(lpc, 0x50), 0xfff807fcU);
  protects.restore();
  EXPECT_EQ(fake.read32(lpc, 0x50), 0xfff807fdU);
  EXPECT_EQ(fake.read32(lpc, 0x58), 0xfff007feU);
}

}  // namespace
}  // namespace romwright::flash::amd
