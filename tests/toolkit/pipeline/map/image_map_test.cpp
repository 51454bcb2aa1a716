// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/image_map.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "tests/support/sample_image.h"
#include "toolkit/pipeline/map/map_differences.h"

namespace romwright::pipeline {
namespace {

using test::SampleImage;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> titles(const ImageMap& map) {
  std::vector<std::string> all;
  for (const MapLane& lane : map.lanes) all.push_back(lane.title);
  return all;
}

std::vector<std::string> names(const MapLane& lane) {
  std::vector<std::string> all;
  for (const MapArea& area : lane.areas) all.push_back(area.name);
  return all;
}

const MapArea& area(const ImageMap& map, AreaKind kind, std::string_view name) {
  for (const MapLane& lane : map.lanes)
    for (const MapArea& found : lane.areas)
      if (found.kind == kind && found.name == name) return found;
  throw std::out_of_range(std::string(name));
}

ImageMap map_of(ConstBytes image, const manifests::Board* board = nullptr) {
  return map_image(image, inspect_image(image), "a.rom", board);
}

TEST(ImageMap, HasALaneForEachKindOfArea) {
  const Buffer image = test::sample_image();
  manifests::Board board;
  board.name = "sample";
  board.chips = {{"bottom", 8 << 20}, {"top", 4 << 20}};
  const ImageMap map = map_of(image, &board);
  EXPECT_EQ(map.size, SampleImage::size);
  EXPECT_EQ(map.extent, SampleImage::size);
  EXPECT_EQ(map.sha256, hex_digest(Hash::sha256, image));
  EXPECT_THAT(titles(map), ElementsAre("Chips", "Descriptor", "FMAP", "CBFS", "Content"));
  EXPECT_THAT(names(map.lanes[0]), ElementsAre("bottom", "top"));
  EXPECT_EQ(map.lanes[0].areas[1].range, (Range{8 << 20, 4 << 20}));
  EXPECT_THAT(names(map.lanes[1]), ElementsAre("fd", "gbe", "me", "bios"));
  EXPECT_THAT(names(map.lanes[2]), ElementsAre("SI_BIOS", "FMAP", "COREBOOT"));
  EXPECT_THAT(names(map.lanes[3]), ElementsAre("config", "fallback/payload", "free space"));
  EXPECT_EQ(map.lanes[2].areas[0].depth, 0U);
  EXPECT_EQ(map.lanes[2].areas[1].depth, 1U);
  EXPECT_EQ(map.lanes[2].areas[2].depth, 1U);
  EXPECT_EQ(area(map, AreaKind::region, "gbe").sha256,
            hex_digest(Hash::sha256, slice(ConstBytes(image), SampleImage::gbe, "gbe")));
  EXPECT_EQ(area(map, AreaKind::file, "config").about, "type raw");
}

TEST(ImageMap, TheContentLaneCoversTheImage) {
  const Buffer image = test::sample_image();
  const MapLane content = map_of(image).lanes.back();
  std::uint64_t at = 0;
  for (const MapArea& found : content.areas) {
    EXPECT_EQ(found.range.offset, at);
    EXPECT_EQ(found.kind == AreaKind::blank,
              all_equal(slice(ConstBytes(image), found.range, "part"), image[at]));
    at = found.range.end();
  }
  EXPECT_EQ(at, image.size());
  EXPECT_EQ(content.areas.back().name, "blank 0xff");
}

TEST(ImageMap, ProblemsAreMarkedWhereTheyAre) {
  Buffer image = test::sample_image();
  image[SampleImage::gbe.offset] ^= 2;
  store_le<std::uint32_t>(image, 0x44, encode_region({SampleImage::bios.offset, 0x1000000}));
  const ImageMap map = map_of(image);
  EXPECT_THAT(area(map, AreaKind::region, "gbe").problems.at(0).message,
              HasSubstr("wrong checksum"));
  const MapArea& bios = area(map, AreaKind::region, "bios");
  EXPECT_THAT(bios.problems.at(0).message, HasSubstr("lies outside the image"));
  EXPECT_EQ(bios.sha256, "");
  EXPECT_TRUE(area(map, AreaKind::region, "fd").problems.empty());
  EXPECT_EQ(map.problems, inspect_image(image).problems);
}

TEST(ImageMap, ChipsOfAnotherSizeAreAProblem) {
  manifests::Board board;
  board.name = "other";
  board.chips = {{"first", 8 << 20}, {"second", 8 << 20}};
  const ImageMap map = map_of(test::sample_image(), &board);
  EXPECT_EQ(map.problems.back(),
            (Problem{Severity::warning, "chips",
                     "those of other hold 16 MiB together, the image has 12 MiB", ""}));
  EXPECT_EQ(map.lanes[0].areas[1].problems.at(0).message,
            "0x800000+0x800000 lies outside the image's 12 MiB");
}

TEST(ImageMap, OfAnythingAtAll) {
  EXPECT_TRUE(map_of({}).lanes.empty());
  const ImageMap map = map_of(Buffer(5000, 0x11));
  EXPECT_THAT(titles(map), ElementsAre("Content"));
  EXPECT_THAT(names(map.lanes[0]), ElementsAre("data"));
}

TEST(ImageMap, DepthCountsWhatLiesUnderAnArea) {
  MapLane lane;
  for (const Range range :
       {Range{50, 30}, Range{0, 100}, Range{10, 20}, Range{0, 50}, Range{45, 10}})
    lane.areas.emplace_back().range = range;
  EXPECT_EQ(arrange_areas(lane), 0U);
  std::vector<std::pair<Range, std::size_t>> depths;
  for (const MapArea& found : lane.areas) depths.emplace_back(found.range, found.depth);
  EXPECT_THAT(depths, ElementsAre(std::pair(Range{0, 100}, 0U), std::pair(Range{0, 50}, 1U),
                                  std::pair(Range{10, 20}, 2U), std::pair(Range{45, 10}, 2U),
                                  std::pair(Range{50, 30}, 3U)));
}

TEST(ImageMap, OfTooManyAreasTheLargestStay) {
  MapLane lane;
  for (std::uint64_t i = 0; i < 700; ++i) lane.areas.emplace_back().range = {i * 1000, i};
  EXPECT_EQ(arrange_areas(lane), 200U);
  EXPECT_EQ(lane.areas.size(), 500U);
  EXPECT_EQ(lane.areas.front().range, (Range{200000, 200}));
}

TEST(ImageMap, DifferencesAreMarkedAndHaveTheirLanes) {
  const Buffer first = test::sample_image();
  Buffer second = test::sample_image();
  second[SampleImage::me.offset] ^= 1;
  images::CbfsEditor(second, SampleImage::coreboot).add("new", Buffer(100, 1));
  const Inspection found = inspect_image(first);
  const ImageDiff diff = diff_images(first, found, second, inspect_image(second));
  ImageMap map = map_image(first, found, "a.rom");
  mark_differences(map, diff, "b.rom");
  EXPECT_EQ(map.comparison,
            fmt::format("compared with b.rom: {} bytes differ, in {} of 3072 blocks of 4 KiB",
                        diff.differing_bytes, diff.blocks[0].changed));
  EXPECT_THAT(titles(map), ElementsAre("Descriptor", "FMAP", "CBFS", "Content", "CBFS, second",
                                       "4 KiB", "64 KiB"));
  EXPECT_EQ(area(map, AreaKind::region, "me").change, Change::changed);
  EXPECT_EQ(area(map, AreaKind::region, "me").difference, "changed: 1 byte differs");
  EXPECT_EQ(area(map, AreaKind::region, "gbe").change, Change::same);
  EXPECT_EQ(area(map, AreaKind::file, "new").change, Change::only_second);
  EXPECT_EQ(area(map, AreaKind::blocks, "1 block").range, (Range{0x3000, 0x1000}));
}

TEST(ImageMap, OfIdenticalImagesHasNoFurtherLanes) {
  const Buffer image = test::sample_image();
  const Inspection found = inspect_image(image);
  ImageMap map = map_image(image, found, "a.rom");
  mark_differences(map, diff_images(image, found, image, found), "b.rom");
  EXPECT_EQ(map.comparison, "identical to b.rom");
  EXPECT_EQ(titles(map).back(), "Content");
}

TEST(ImageMap, ReachesAsFarAsTheLargerOfTwoImages) {
  const Buffer first(0x1000, 0xff), second(0x3000, 0xff);
  const Inspection found = inspect_image(first);
  ImageMap map = map_image(first, found, "a.rom");
  mark_differences(map, diff_images(first, found, second, inspect_image(second)), "b.rom");
  EXPECT_EQ(map.size, 0x1000U);
  EXPECT_EQ(map.extent, 0x3000U);
}

}  // namespace
}  // namespace romwright::pipeline
