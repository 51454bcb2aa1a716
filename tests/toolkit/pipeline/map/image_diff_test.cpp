// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/image_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_image.h"

namespace romwright::pipeline {
namespace {

using test::SampleImage;
using testing::ElementsAre;
using testing::IsEmpty;

ImageDiff diff_of(const Buffer& first, const Buffer& second) {
  return diff_images(first, inspect_image(first), second, inspect_image(second));
}

const PartDifference& part(const std::vector<PartDifference>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &PartDifference::name);
  if (found == parts.end()) throw std::out_of_range(std::string(name));
  return *found;
}

TEST(ImageDiff, BytesOneOnTheOther) {
  EXPECT_EQ(differing_bytes({}, {}), 0U);
  Buffer first(10000, 1), second(10000, 1);
  EXPECT_EQ(differing_bytes(first, second), 0U);
  second[0] = second[4095] = second[4096] = second[9999] = 2;
  EXPECT_EQ(differing_bytes(first, second), 4U);
  second.resize(9999);
  EXPECT_EQ(differing_bytes(first, second), 4U);
  EXPECT_EQ(differing_bytes(second, first), 4U);
}

TEST(ImageDiff, AnImageAndItself) {
  const Buffer image = test::sample_image();
  const ImageDiff diff = diff_of(image, image);
  EXPECT_TRUE(diff.identical());
  for (const auto* parts : {&diff.regions, &diff.files})
    for (const PartDifference& found : *parts) {
      EXPECT_EQ(found.change, Change::same) << found.name;
      EXPECT_EQ(found.differing_bytes, 0U) << found.name;
    }
  EXPECT_EQ(diff.regions.size(), 7U);
  EXPECT_EQ(diff.files.size(), 2U);
  ASSERT_EQ(diff.blocks.size(), 2U);
  EXPECT_EQ(diff.blocks[0].blocks, 3072U);
  EXPECT_EQ(diff.blocks[1].blocks, 192U);
  for (const BlockDifference& blocks : diff.blocks) EXPECT_THAT(blocks.runs, IsEmpty());
}

TEST(ImageDiff, TellsRegionAndBlocksOfAChangedByte) {
  const Buffer first = test::sample_image();
  Buffer second = first;
  second[SampleImage::me.offset] ^= 1;
  second[SampleImage::me.offset + 0x1000] ^= 1;
  second[SampleImage::size - 1] ^= 1;
  const ImageDiff diff = diff_of(first, second);
  EXPECT_EQ(diff.differing_bytes, 3U);
  EXPECT_EQ(part(diff.regions, "me").change, Change::changed);
  EXPECT_EQ(part(diff.regions, "me").differing_bytes, 2U);
  EXPECT_EQ(part(diff.regions, "gbe").change, Change::same);
  EXPECT_EQ(part(diff.regions, "bios").differing_bytes, 1U);
  EXPECT_EQ(part(diff.regions, "COREBOOT").differing_bytes, 1U);
  EXPECT_EQ(part(diff.regions, "FMAP").change, Change::same);
  EXPECT_EQ(diff.blocks[0].changed, 3U);
  EXPECT_THAT(diff.blocks[0].runs,
              ElementsAre(Range{0x3000, 0x2000}, Range{SampleImage::size - 0x1000, 0x1000}));
  EXPECT_EQ(diff.blocks[1].changed, 2U);
  EXPECT_THAT(diff.blocks[1].runs,
              ElementsAre(Range{0, 0x10000}, Range{SampleImage::size - 0x10000, 0x10000}));
}

TEST(ImageDiff, TellsFilesThatChangedMovedCameAndWent) {
  Buffer first = test::sample_image(), second = test::sample_image();
  images::CbfsEditor old_files(first, SampleImage::coreboot);
  old_files.add("gone", Buffer(100, 1));
  old_files.add("moved", Buffer(200, 2));
  images::CbfsEditor new_files(second, SampleImage::coreboot);
  new_files.remove("config");
  new_files.add("config", as_bytes("textmode"));
  new_files.add("new", Buffer(5000, 3));
  new_files.add("moved", Buffer(200, 2));
  const ImageDiff diff = diff_of(first, second);
  EXPECT_EQ(part(diff.files, "fallback/payload").change, Change::same);
  EXPECT_EQ(part(diff.files, "config").change, Change::changed);
  EXPECT_EQ(part(diff.files, "moved").change, Change::moved);
  EXPECT_NE(*part(diff.files, "moved").first, *part(diff.files, "moved").second);
  EXPECT_EQ(part(diff.files, "gone").change, Change::only_first);
  EXPECT_EQ(part(diff.files, "gone").differing_bytes, 100U);
  EXPECT_EQ(part(diff.files, "new").change, Change::only_second);
  EXPECT_EQ(part(diff.files, "new").differing_bytes, 5000U);
  EXPECT_EQ(part(diff.files, "new").second->size, 24U + 4U + 5000U);  // header, name, content
}

TEST(ImageDiff, OfSizesThatDiffer) {
  const Buffer first(0x5000, 0xff), second(0x3800, 0xff);
  const ImageDiff diff = diff_of(first, second);
  EXPECT_FALSE(diff.identical());
  EXPECT_EQ(diff.differing_bytes, 0x1800U);
  EXPECT_EQ(diff.blocks[0].blocks, 5U);
  EXPECT_EQ(diff.blocks[0].changed, 2U);
  EXPECT_THAT(diff.blocks[0].runs, ElementsAre(Range{0x3000, 0x2000}));
  EXPECT_THAT(diff.blocks[1].runs, ElementsAre(Range{0, 0x5000}));
}

TEST(ImageDiff, OfNothing) {
  const ImageDiff diff = diff_of({}, {});
  EXPECT_TRUE(diff.identical());
  EXPECT_EQ(diff.blocks[0].blocks, 0U);
}

}  // namespace
}  // namespace romwright::pipeline
