// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/descriptors.h"
#include "tests/support/sample_image.h"

namespace romwright::images {
namespace {

using testing::ElementsAre;
using S = test::SampleImage;

TEST(Layout, DescriptorFirstThenFmapEachByOffset) {
  const Buffer image = test::sample_image();
  const Layout layout = image_layout(image);
  EXPECT_THAT(layout.regions,
              ElementsAre(Region{"fd", S::fd, "ifd"}, Region{"gbe", S::gbe, "ifd"},
                          Region{"me", S::me, "ifd"}, Region{"bios", S::bios, "ifd"},
                          Region{"SI_BIOS", S::bios, "fmap"}, Region{"FMAP", S::fmap, "fmap"},
                          Region{"COREBOOT", S::coreboot, "fmap"}));
  ASSERT_NE(layout.find("COREBOOT"), nullptr);
  EXPECT_EQ(layout.find("COREBOOT")->range, S::coreboot);
  EXPECT_EQ(layout.find("me")->source, "ifd");
  EXPECT_EQ(layout.find("SI_ME"), nullptr);
}

TEST(Layout, TheOuterRegionComesFirst) {
  Buffer image(0x10000, 0xff);
  test::put_descriptor(image, test::series7,
                       {{0, {0, 0x1000}}, {1, {0x2000, 0x8000}}, {2, {0x2000, 0xe000}}}, {0});
  std::vector<std::string> names;
  for (const Region& region : image_layout(image).regions) names.push_back(region.name);
  EXPECT_THAT(names, ElementsAre("fd", "me", "bios"));
}

TEST(Layout, NothingInABlankImage) {
  EXPECT_TRUE(image_layout({}).regions.empty());
  EXPECT_TRUE(image_layout(Buffer(0x10000, 0xff)).regions.empty());
}

TEST(Layout, ADamagedDescriptorIsAnError) {
  Buffer image(0x100, 0xff);
  store_le<std::uint32_t>(Bytes(image), 0x10, 0x0ff0a55a);
  EXPECT_THROW(image_layout(image), ImageError);
}

}  // namespace
}  // namespace romwright::images
