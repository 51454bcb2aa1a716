// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/permissions.h"

#include <map>

#include <gtest/gtest.h>

namespace romwright::flash::intel {
namespace {

using Values = std::map<std::uint32_t, std::uint32_t>;

/// Registers that read 0 where nothing is said.
Permissions read(GenerationId id, Values registers, std::uint32_t master = 0) {
  const std::uint32_t status = registers[generation(id).engine == Engine::ich7 ? 0 : 4];
  return read_permissions(
      generation(id), static_cast<std::uint16_t>(status),
      [=](std::uint32_t offset) { return registers.contains(offset) ? registers.at(offset) : 0; },
      [=](unsigned section, unsigned index) { return section == 3 && index == 0 ? master : 0; });
}

constexpr std::uint32_t valid = 0x4000, no_override = 0x2000, locked = 0x8000;
constexpr std::uint32_t region(std::uint32_t first, std::uint32_t last) {
  return first | last << 16;
}

TEST(IntelPermissions, FrapTellsOfEightRegions) {
  const Permissions found = read(GenerationId::pch6, {{0x04, valid | no_override},
                                                      {0x50, 0x0203},
                                                      {0x54, region(0, 0)},
                                                      {0x58, region(0x40, 0xff)},
                                                      {0x5c, region(0x1fff, 0)}});
  ASSERT_EQ(found.regions.size(), 2U);
  EXPECT_EQ(found.regions[0].name, "fd");
  EXPECT_EQ(found.regions[0].range, (Range{0, 0x1000}));
  EXPECT_TRUE(found.regions[0].readable);
  EXPECT_FALSE(found.regions[0].writable);
  EXPECT_EQ(found.regions[1].name, "bios");
  EXPECT_EQ(found.regions[1].range, (Range{0x40000, 0xc0000}));
  EXPECT_TRUE(found.regions[1].writable);
  EXPECT_EQ(found.regions[1].source, Source::registers);
}

TEST(IntelPermissions, BeyondFrapTheMastersAreAHint) {
  const Permissions found =
      read(GenerationId::pch500,
           {{0x04, valid | no_override}, {0x74, region(0x50, 0x5f)}, {0xe0, region(0x60, 0x6f)}},
           1U << (8 + 8) | 1U << (20 + 8));
  ASSERT_EQ(found.regions.size(), 3U);  // the descriptor is always one
  EXPECT_EQ(found.regions[1].name, "ec");
  EXPECT_EQ(found.regions[1].source, Source::descriptor);
  EXPECT_TRUE(found.regions[1].readable && found.regions[1].writable);
  EXPECT_FALSE(found.regions[1].certain());
  EXPECT_EQ(found.regions[2].index, 12U);
  EXPECT_EQ(found.regions[2].source, Source::descriptor);
  EXPECT_FALSE(found.regions[2].readable || found.regions[2].writable);
}

TEST(IntelPermissions, ExtendedMastersTellOfTheLastFour) {
  const std::map<std::uint32_t, std::uint32_t> registers{
      {0x04, valid | no_override}, {0xe4, region(0x50, 0x5f)}, {0xe8, region(0x60, 0x6f)}};
  const std::uint32_t master = 1U << 1 | 1U << (2 + 4);  // reads 13, writes 14
  const Permissions found = read(GenerationId::pch300, registers, master);
  ASSERT_EQ(found.regions.size(), 3U);
  EXPECT_EQ(found.regions[1].index, 13U);
  EXPECT_TRUE(found.regions[1].readable && !found.regions[1].writable);
  EXPECT_TRUE(!found.regions[2].readable && found.regions[2].writable);
  EXPECT_EQ(read(GenerationId::elkhart_lake, registers, master).regions[1].source, Source::none);
}

TEST(IntelPermissions, TheNewestHaveRegistersForAll) {
  const Permissions found =
      read(GenerationId::meteor_lake,
           {{0x04, valid | no_override}, {0x74, region(0x50, 0x5f)}, {0x118, 1U << 8}, {0x11c, 0}});
  EXPECT_EQ(found.regions[1].source, Source::registers);
  EXPECT_TRUE(found.regions[1].readable);
  EXPECT_FALSE(found.regions[1].writable);
}

TEST(IntelPermissions, TheOverrideStrapLiftsTheMasters) {
  const Permissions found =
      read(GenerationId::ich9, {{0x04, valid}, {0x5c, region(0x10, 0x1f)}, {0x50, 0}});
  ASSERT_EQ(found.regions.size(), 2U);
  EXPECT_EQ(found.regions[1].source, Source::overridden);
  EXPECT_TRUE(found.regions[1].readable && found.regions[1].writable);
}

TEST(IntelPermissions, WithoutADescriptorThereAreNoRegions) {
  EXPECT_TRUE(read(GenerationId::ich9, {{0x58, region(0x10, 0x1f)}}).regions.empty());
}

TEST(IntelPermissions, ProtectedRangesOfEachEngine) {
  Permissions found = read(GenerationId::ich7, {{0x00, locked}, {0x64, 0x80000000 | 0xff080}});
  ASSERT_EQ(found.protected_ranges.size(), 1U);
  EXPECT_EQ(found.protected_ranges[0].name, "PBR1");
  EXPECT_EQ(found.protected_ranges[0].range, (Range{0x80000, 0x80000}));
  EXPECT_TRUE(found.protected_ranges[0].locked);

  found = read(GenerationId::pch6, {{0x04, 0}, {0x84, 0x80000000 | region(0x80, 0xff)}});
  ASSERT_EQ(found.protected_ranges.size(), 1U);
  EXPECT_EQ(found.protected_ranges[0].name, "PR4");
  EXPECT_FALSE(found.protected_ranges[0].locked);
  EXPECT_FALSE(found.protected_ranges[0].no_read);

  // PR0 by DLOCK, PR3 by PRR34_LOCKDN, GPR0 always.
  const std::uint32_t both = 0x80008000 | region(0x10, 0x1f);
  found = read(
      GenerationId::pch100,
      {{0x04, 1U << 12}, {0x0c, 1U << 8}, {0x84, both}, {0x88, both}, {0x90, both}, {0x98, both}});
  ASSERT_EQ(found.protected_ranges.size(), 4U);
  const std::vector<std::pair<std::string, bool>> wanted{
      {"PR0", true}, {"PR1", false}, {"PR3", true}, {"GPR0", true}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found.protected_ranges[i].name, wanted[i].first);
    EXPECT_EQ(found.protected_ranges[i].locked, wanted[i].second) << wanted[i].first;
    EXPECT_TRUE(found.protected_ranges[i].no_read && found.protected_ranges[i].no_write);
  }
}

TEST(IntelPermissions, ARangeThatEndsBeforeItBeginsIsUnused) {
  EXPECT_TRUE(decode_protected_range(Engine::ich9, 0x80000000 | region(2, 1)).range.empty());
  EXPECT_TRUE(decode_protected_range(Engine::ich9, region(1, 2)).range.empty());
  EXPECT_EQ(decode_protected_range(Engine::ich9, 0x80000000 | region(0x7fff, 0x7fff)).range,
            (Range{0x7fff000, 0x1000}));
}

}  // namespace
}  // namespace romwright::flash::intel
