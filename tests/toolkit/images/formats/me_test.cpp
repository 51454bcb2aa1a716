// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/me_images.h"

namespace romwright::images {
namespace {

using test::MeEntry;
using testing::ElementsAre;
using Version = std::array<std::uint16_t, 4>;

const std::vector<MeEntry> usual{{"FOVD", 0x400, 0x400, 0x83},
                                 {"NVCL", 0, 0x1000, 0x82},
                                 {"FTPR", 0x1000, 0x2000, 0x80},
                                 {"NFTP", 0x3000, 0x1000, 0x80}};

/// ME 8.1: generation 2.
Buffer region_of(const std::vector<MeEntry>& entries = usual) {
  Buffer region = test::pattern(0x4000, 1);
  std::fill_n(region.begin(), 0x10, std::uint8_t{0x20});
  test::put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, 1, 0, 1234});
  test::put_me_table(region, 0x10, entries, 0);
  return region;
}

std::string error_of(ConstBytes region) {
  try {
    const MeView me(region);
    return "no error";
  } catch (const ImageError& error) {
    return error.what();
  }
}

std::vector<std::string> lines(const Problems& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems) {
    EXPECT_EQ(problem.severity, Severity::warning);
    result.push_back(problem.where + ": " + problem.message);
  }
  return result;
}

TEST(Me, ReadsPartitionsAndVersion) {
  const Buffer region = region_of();
  EXPECT_TRUE(is_me_region(region));
  const MeView me(region);
  EXPECT_EQ(me.generation(), 2);
  EXPECT_EQ(me.variant(), "ME") << "by its major version: the key is nobody's";
  EXPECT_EQ(me.version(), (Version{8, 1, 0, 1234}));
  EXPECT_TRUE(me.checksum_valid());
  EXPECT_FALSE(me.cleaned());
  EXPECT_THAT(lines(me.check()), ElementsAre());
  ASSERT_EQ(me.partitions().size(), 4U);
  const MePartition& ftpr = *me.partition("FTPR");
  EXPECT_EQ(ftpr.range, (Range{0x1000, 0x2000}));
  EXPECT_EQ(ftpr.flags, 0x80U);
  EXPECT_TRUE(ftpr.has_data);
  EXPECT_FALSE(ftpr.blank);
  EXPECT_FALSE(me.partition("NVCL")->has_data) << "NVRAM has no place";
  EXPECT_EQ(me.partition("ftpr"), nullptr);
}

TEST(Me, TheTableMayLieAtTheStart) {
  Buffer region = test::pattern(0x4000, 1);
  test::put_me_table(region, 0, usual, 0);
  const MeView me(region);
  EXPECT_EQ(me.partitions().size(), 4U);
  EXPECT_TRUE(me.checksum_valid());
}

TEST(Me, Generation1HasCode) {
  Buffer region = region_of({{"CODE", 0x1000, 0x2000, 0x80}, {"EFFS", 0x3000, 0x1000, 0x84}});
  test::put_me_manifest(Bytes(region).subspan(0x1000), "$MAN", {4, 2, 60, 1060});
  const MeView me(region);
  EXPECT_EQ(me.generation(), 1);
  EXPECT_EQ(me.version(), (Version{4, 2, 60, 1060}));
  EXPECT_EQ(me.variant(), "TXE") << "below 6 and an unknown key";
}

TEST(Me, Generation3HasADirectory) {
  Buffer region = region_of();
  const Bytes ftpr = Bytes(region).subspan(0x1000, 0x2000);
  test::put_text(ftpr, "$CPD");
  store_le<std::uint32_t>(ftpr, 4, 2);
  for (std::size_t at = 0x10; at < 0x40; ++at) ftpr[at] = 0;
  test::put_text(ftpr.subspan(0x10), "rbe.met");
  test::put_text(ftpr.subspan(0x28), "FTPR.man");
  store_le<std::uint32_t>(ftpr, 0x28 + 12, 0x02000000 | 0x800);  // bit 25: compressed
  test::put_me_manifest(ftpr.subspan(0x800), "$MN2", {11, 6, 0, 1126});
  test::put_me_table(region, 0x10, usual, 0x10);
  const MeView me(region);
  EXPECT_EQ(me.generation(), 3);
  EXPECT_EQ(me.version(), (Version{11, 6, 0, 1126}));
  EXPECT_TRUE(me.checksum_valid()) << "the sum begins at the table";
  store_le<std::uint32_t>(ftpr, 0x28 + 12, 0x3fff);
  EXPECT_EQ(MeView(region).version(), std::nullopt) << "the manifest lies outside";
  store_le<std::uint32_t>(ftpr, 4, 1);
  EXPECT_EQ(MeView(region).version(), std::nullopt) << "the directory does not name it";
}

TEST(Me, ALayoutTableTellsWhereTheTableIs) {
  for (const std::size_t pointer : {std::size_t{0x10}, std::size_t{0x18}}) {
    Buffer region = test::pattern(0x6000, 1);
    std::fill_n(region.begin(), 0x40, std::uint8_t{0});
    store_le<std::uint32_t>(Bytes(region), pointer, 0x1000);
    test::put_me_table(region, 0x1000, {{"MFS", 0x400, 0x1000, 0}, {"FITC", 0x1400, 0x400, 0}},
                       0x1000);
    EXPECT_TRUE(is_me_region(region));
    const MeView me(region);
    EXPECT_EQ(me.generation(), 3);
    EXPECT_EQ(me.partition("MFS")->range, (Range{0x1400, 0x1000})) << "counted from the table";
    EXPECT_EQ(me.version(), std::nullopt);
    EXPECT_FALSE(me.cleaned());
    EXPECT_THAT(lines(me.check()), ElementsAre());
  }
}

TEST(Me, CleanedWhenOnlyCodeIsLeft) {
  Buffer region = region_of({{"FTPR", 0x1000, 0x2000, 0x80}});
  EXPECT_TRUE(MeView(region).cleaned()) << "the others are gone from the table";
  region = region_of();
  std::fill_n(region.begin() + 0x400, 0x400, std::uint8_t{0xff});
  EXPECT_FALSE(MeView(region).cleaned()) << "NFTP is there";
  std::fill_n(region.begin() + 0x3000, 0x1000, std::uint8_t{0xff});
  EXPECT_TRUE(MeView(region).cleaned()) << "the others are blank";
  EXPECT_TRUE(MeView(region).partition("NFTP")->blank);
  std::fill_n(region.begin() + 0x1000, 0x2000, std::uint8_t{0xff});
  EXPECT_FALSE(MeView(region).cleaned()) << "nothing is left that could start";
  EXPECT_TRUE(
      MeView(region_of({{"FTPR", 0x1000, 0x2000, 0x80}, {"MFS", 0x3000, 0x1000, 0x80}})).cleaned());
}

TEST(Me, TheLastPartitionMayReachToTheEnd) {
  const MeView me(region_of({{"FTPR", 0x1000, 0x2000, 0x80}, {"EFFS", 0x3000, 0xffffffff, 0x84}}));
  EXPECT_EQ(me.partition("EFFS")->range, (Range{0x3000, 0x1000}));
  const MeView other(
      region_of({{"EFFS", 0x3000, 0xffffffff, 0x84}, {"FTPR", 0x1000, 0x2000, 0x80}}));
  EXPECT_FALSE(other.partition("EFFS")->has_data) << "only the last one";
}

TEST(Me, PartitionsOutsideHaveNoData) {
  const MeView me(region_of({{"FTPR", 0x1000, 0x2000, 0x80},
                             {"ONE", 0x3000, 0x1001, 0x80},
                             {"TWO", 0xffffffff, 0x1000, 0x80},
                             {"SIX", 0xfffff000, 0xfffff000, 0x80}}));
  for (const char* name : {"ONE", "TWO", "SIX"}) EXPECT_FALSE(me.partition(name)->has_data) << name;
}

TEST(Me, NamesThatDoNotPrint) {
  EXPECT_EQ(MeView(region_of({{"\x01"
                               "AB\xff",
                               0x1000, 0x10, 0}}))
                .partitions()[0]
                .name,
            "?AB?");
}

TEST(Me, WhatIsNoRegion) {
  for (const Buffer& none : {Buffer{}, Buffer(0x10, 0xff), Buffer(0x4000, 0xff)}) {
    EXPECT_FALSE(is_me_region(none));
    EXPECT_EQ(error_of(none), "ME region: no partition table ($FPT)");
  }
  Buffer cut = region_of();
  cut.resize(0x2f);
  EXPECT_FALSE(is_me_region(cut));
}

TEST(Me, DamagedTables) {
  Buffer region = region_of();
  store_le<std::uint32_t>(Bytes(region), 0x14, 257);
  EXPECT_EQ(error_of(region), "ME region: a partition table with 257 entries");
  store_le<std::uint32_t>(Bytes(region), 0x14, 0xffffffff);
  EXPECT_EQ(error_of(region), "ME region: a partition table with 4294967295 entries");
  region = region_of();
  region.resize(0x60);
  EXPECT_EQ(error_of(region), "ME region: partition table: 0x30+0x80 lies outside 0x60 bytes");
}

TEST(Me, ChecksTheTablesSumAndTheManifest) {
  Buffer region = region_of();
  region[0x1b] ^= 1;
  EXPECT_THAT(lines(MeView(region).check()),
              ElementsAre("ME region: wrong checksum of the partition table"));
  region[0x1000 + 0x1c] = 0;
  EXPECT_THAT(lines(MeView(region).check()),
              ElementsAre("ME region: no manifest of the code partition",
                          "ME region: wrong checksum of the partition table"));
}

}  // namespace
}  // namespace romwright::images
