// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/ifd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/descriptors.h"
#include "tests/support/fixtures.h"

namespace romwright::images {
namespace {

using test::NumberedRegions;
using testing::ElementsAre;

const NumberedRegions usual{
    {0, {0, 0x1000}}, {1, {0x8000, 0x78000}}, {2, {0x3000, 0x5000}}, {3, {0x1000, 0x2000}}};

Buffer image_of(const test::Generation& made, const NumberedRegions& regions = usual,
                std::size_t size = 0x80000, const std::vector<std::uint32_t>& densities = {0}) {
  Buffer image = test::pattern(size, 3);
  test::put_descriptor(image, made, regions, densities);
  return image;
}

std::vector<std::string> names_of(const IfdView& ifd) {
  std::vector<std::string> names;
  for (const IfdRegion& region : ifd.regions()) names.emplace_back(region.name);
  return names;
}

/// "severity where: message", 'e', 'w' or 'n' for the severity.
std::vector<std::string> lines(const Problems& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems)
    result.push_back(std::string(1, "nwe"[static_cast<int>(problem.severity)]) + " " +
                     problem.where + ": " + problem.message);
  return result;
}

TEST(Ifd, NoneWithoutASignature) {
  EXPECT_FALSE(find_ifd({}));
  EXPECT_FALSE(find_ifd(Buffer(0x1000, 0xff)));
  Buffer elsewhere(0x1000, 0xff);
  store_le<std::uint32_t>(elsewhere, 0x20, 0x0ff0a55a);
  EXPECT_FALSE(find_ifd(elsewhere));
}

TEST(Ifd, ReadsRegionsOfAV1Descriptor) {
  const Buffer image = image_of(test::series7);
  const auto ifd = find_ifd(image);
  ASSERT_TRUE(ifd);
  EXPECT_EQ(ifd->signature_offset(), 0x10U);
  EXPECT_EQ(ifd->version(), DescriptorVersion::v1);
  EXPECT_EQ(to_string(ifd->chipset()), "6 or 7 series");
  EXPECT_THAT(names_of(*ifd), ElementsAre("fd", "bios", "me", "gbe"));
  EXPECT_EQ(ifd->region("me"), (Range{0x3000, 0x5000}));
  EXPECT_EQ(ifd->region("Intel ME"), (Range{0x3000, 0x5000}));
  EXPECT_EQ(ifd->region("pd"), std::nullopt);
  EXPECT_EQ(ifd->region("nonsense"), std::nullopt);
  EXPECT_THAT(ifd->masters(), ElementsAre(0x0b0a0000, 0x0b0a0000, 0x08080118));
  EXPECT_EQ(ifd->straps(), std::vector<std::uint32_t>(18, 0));
}

TEST(Ifd, ReadsRegionsOfAV2Descriptor) {
  NumberedRegions regions = usual;
  regions[1].second = {0xb000, 0x75000};
  regions.push_back({8, {0x8000, 0x1000}});
  regions.push_back({15, {0x9000, 0x2000}});
  const Buffer image = image_of(test::series100, regions);
  const auto ifd = find_ifd(image);
  ASSERT_TRUE(ifd);
  EXPECT_EQ(ifd->version(), DescriptorVersion::v2);
  EXPECT_THAT(names_of(*ifd), ElementsAre("fd", "bios", "me", "gbe", "ec", "ptt"));
  EXPECT_EQ(ifd->region("EC"), (Range{0x8000, 0x1000}));
  EXPECT_EQ(ifd->masters().size(), 6U);
  EXPECT_EQ(ifd->straps().size(), 0x42U);
  EXPECT_THAT(lines(ifd->check()), ElementsAre());
}

TEST(Ifd, TheSignatureOfIch9LiesAtTheStart) {
  const Buffer image = image_of(test::ich9);
  const auto ifd = find_ifd(image);
  ASSERT_TRUE(ifd);
  EXPECT_EQ(ifd->signature_offset(), 0U);
  EXPECT_EQ(to_string(ifd->chipset()), "ICH9");
  EXPECT_EQ(ifd->region("bios"), (Range{0x8000, 0x78000}));
}

TEST(Ifd, TellsGenerationsApart) {
  const auto chipset = [](const test::Generation& made) {
    return to_string(find_ifd(image_of(made))->chipset());
  };
  EXPECT_EQ(chipset(test::series8), "8 or 9 series");
  EXPECT_EQ(chipset(test::series100), "100 or 200 series");
  EXPECT_EQ(chipset(test::series300), "300 or 400 series");
  EXPECT_EQ(chipset(test::series600), "500 series or later");
  EXPECT_EQ(ifd_platform_of(IfdChipset::pch300).name, "cnl");
  EXPECT_EQ(ifd_platform_of(IfdChipset::pch6).version, DescriptorVersion::v1);
}

/// FLMAP1, FLMAP2, FLUMAP1 and the chipset they are guessed to be: every rule once.
TEST(Ifd, EveryRuleOfTheGuess) {
  struct Rule {
    std::uint32_t flmap1, flmap2, flumap1;
    IfdChipset chipset;
  };
  const std::array rules{
      Rule{0x02000200, 0x00000000, 0, IfdChipset::ich8},
      Rule{0x02000200, 0x00000100, 0, IfdChipset::ich9},
      Rule{0x0a000200, 0x00000100, 0, IfdChipset::ich10},
      Rule{0x10000200, 0x00000100, 0, IfdChipset::pch5},
      Rule{0x13000200, 0x00000000, 0, IfdChipset::apollo_lake},
      Rule{0x17000200, 0x00000000, 0, IfdChipset::gemini_lake},
      Rule{0x4f000200, 0x00000100, 0, IfdChipset::pch5},
      Rule{0x50000600, 0x00000100, 0, IfdChipset::c740},
      Rule{0xb3000200, 0x00003a00, 0, IfdChipset::arrow_lake},
      Rule{0x11000200, 0x00210020, 0, IfdChipset::baytrail},
      Rule{0x12000200, 0x00210120, 0, IfdChipset::pch6},
      Rule{0x15000200, 0x00210120, 0, IfdChipset::pch8},
      Rule{0x50000600, 0x00310130, 0, IfdChipset::c620},
      Rule{0x42000200, 0x00310330, 0, IfdChipset::pch100},
      Rule{0x8f000200, 0xffffffff, 0xc0000000, IfdChipset::snow_ridge},
      Rule{0x46000200, 0x00340330, 0xc0000000, IfdChipset::pch300},
      Rule{0x46000200, 0x00110068, 0xc0000000, IfdChipset::pch500},
      Rule{0x46000200, 0x0014005c, 0xc0000000, IfdChipset::pch500},
      Rule{0x46000200, 0x00030058, 0xc0000000, IfdChipset::elkhart_lake},
      Rule{0x9a000200, 0x00030060, 0xc0000000, IfdChipset::panther_lake},
      Rule{0x46000200, 0x0003006c, 0xc0000000, IfdChipset::jasper_lake},
      Rule{0x7d000200, 0x00030070, 0xc0000000, IfdChipset::lunar_lake},
      Rule{0x7e000200, 0x00030070, 0xc0000000, IfdChipset::lunar_lake},
      Rule{0x82000200, 0x00030070, 0xc0000000, IfdChipset::meteor_lake},
      Rule{0x90000200, 0x00050050, 0xc0000000, IfdChipset::meteor_lake},
      Rule{0x46000200, 0x00050050, 0xc0000000, IfdChipset::pch500},
  };
  for (const Rule& rule : rules) {
    Buffer image = image_of(test::series7);
    store_le(Bytes(image), 0x18, rule.flmap1 | 0x00100006);
    store_le(Bytes(image), 0x1c, rule.flmap2);
    store_le(Bytes(image), 0xefc, rule.flumap1);
    const auto ifd = find_ifd(image);
    ASSERT_TRUE(ifd);
    EXPECT_EQ(to_string(ifd->chipset()), to_string(rule.chipset))
        << std::hex << rule.flmap1 << " " << rule.flmap2;
  }
}

TEST(Ifd, PlatformsByNameAndAlias) {
  EXPECT_EQ(ifd_platforms().size(), 17U);
  EXPECT_EQ(find_ifd_platform("adl")->name, "adl");
  EXPECT_EQ(find_ifd_platform("alderlake"), find_ifd_platform("adl"));
  EXPECT_EQ(find_ifd_platform("ivybridge")->version, DescriptorVersion::v1);
  EXPECT_EQ(find_ifd_platform("nonsense"), nullptr);
}

TEST(Ifd, SizesOfChips) {
  const auto components = [](const test::Generation& made,
                             const std::vector<std::uint32_t>& densities) {
    return find_ifd(image_of(made, usual, 0x80000, densities))->components();
  };
  EXPECT_THAT(components(test::series7, {4, 3}), ElementsAre(8U << 20, 4U << 20));
  EXPECT_THAT(components(test::series8, {4, 3}), ElementsAre(8U << 20, 4U << 20));
  EXPECT_THAT(components(test::series100, {5}), ElementsAre(16U << 20));
  EXPECT_THAT(components(test::series100, {7, 0}), ElementsAre(64U << 20, 512U << 10));
  EXPECT_THAT(components(test::series100, {5, 0xf}), ElementsAre(16U << 20)) << "absent";
  EXPECT_THAT(components(test::series7, {4, 6}), ElementsAre(8U << 20, 0)) << "unknown";
  EXPECT_THAT(components(test::series100, {8}), ElementsAre(0)) << "unknown";
}

TEST(IfdCheck, ASoundImage) {
  for (const auto& made : {test::ich9, test::series7, test::series100, test::series600})
    EXPECT_THAT(lines(find_ifd(image_of(made))->check()), ElementsAre());
  // A 12 MiB image on chips of 8 and 4 MiB.
  const Buffer image =
      image_of(test::series7, {{0, {0, 0x1000}}, {1, {0x8000, 0xbf8000}}}, 12U << 20, {4, 3});
  EXPECT_THAT(lines(find_ifd(image)->check()), ElementsAre());
  // A descriptor in a file of its own.
  const Buffer alone(image.begin(), image.begin() + 0x1000);
  EXPECT_THAT(lines(find_ifd(alone)->check()), ElementsAre());
}

TEST(IfdCheck, RegionsOutsideAndOverlapping) {
  const Buffer image = image_of(
      test::series7,
      {{0, {0, 0x1000}}, {1, {0x8000, 0x79000}}, {2, {0x2000, 0x7000}}, {3, {0x1000, 0x2000}}});
  EXPECT_THAT(lines(find_ifd(image)->check()),
              ElementsAre("e region bios: 0x8000+0x79000 lies outside the image's 512 KiB",
                          "e region bios: 0x8000+0x79000 overlaps region me 0x2000+0x7000",
                          "e region me: 0x2000+0x7000 overlaps region gbe 0x1000+0x2000"));
}

TEST(IfdCheck, TheDescriptorsOwnRegion) {
  const Buffer image = image_of(test::series7, {{0, {0x1000, 0x1000}}, {1, {0x8000, 0x78000}}});
  EXPECT_THAT(lines(find_ifd(image)->check()),
              ElementsAre("e region fd: the descriptor's own region does not lie at 0"));
}

TEST(IfdCheck, ChipsAgainstTheImagesSize) {
  EXPECT_THAT(lines(find_ifd(image_of(test::series7, usual, 0x100000, {0}))->check()),
              ElementsAre("e flash descriptor: it is for chips of 512 KiB together, the image has "
                          "1 MiB"));
  EXPECT_THAT(lines(find_ifd(image_of(test::series7, usual, 0x80000, {4, 3}))->check()),
              ElementsAre("n flash descriptor: it is for chips of 12 MiB together, the image has "
                          "512 KiB"));
  EXPECT_THAT(lines(find_ifd(image_of(test::series7, usual, 0x80000, {7}))->check()),
              ElementsAre("w flash descriptor: unknown chip density"));
}

TEST(Ifd, ATruncatedDescriptorIsAnError) {
  const Buffer image = image_of(test::series7);
  const Buffer cut(image.begin(), image.begin() + 0xfff);
  try {
    (void)find_ifd(cut);
    ADD_FAILURE();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "flash descriptor: 0x0+0x1000 lies outside 0xfff bytes");
  }
}

TEST(Ifd, SectionsAtTheDescriptorsEnd) {
  Buffer image = image_of(test::series7);
  store_le<std::uint32_t>(Bytes(image), 0x14, 0x00ff00ff);  // regions and components at 0xff0
  store_le<std::uint32_t>(Bytes(image), 0x18, 0x121002ff);  // masters too
  const auto ifd = find_ifd(image);
  ASSERT_TRUE(ifd);
  EXPECT_TRUE(ifd->regions().empty()) << "behind the upper map there is no room for any";
  EXPECT_EQ(ifd->masters().size(), 3U);
  EXPECT_THAT(lines(ifd->check()),
              testing::Contains("e region fd: the descriptor's own region does not lie at 0"));
}

TEST(Ifd, StrapsEndWithTheDescriptor) {
  Buffer image = image_of(test::series7);
  store_le<std::uint32_t>(Bytes(image), 0x18, 0x12ff0206);
  const auto ifd = find_ifd(image);
  ASSERT_TRUE(ifd);
  EXPECT_EQ(ifd->straps().size(), 4U);
  EXPECT_FALSE(ifd->me_disabled());
}

}  // namespace
}  // namespace romwright::images
