// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/fmap.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

using Areas = std::vector<FmapArea>;
const Areas sample_areas = {{"ALL", {0, 0x4000}, 0},
                            {"RO", {0x1000, 0x2000}, FmapArea::flag_static | FmapArea::flag_ro},
                            {"COREBOOT", {0x1000, 0x800}, FmapArea::flag_static},
                            {"ALIAS", {0x1000, 0x800}, 0}};

/// Writes a map of that many bytes of image at `offset`.
void put_map(Buffer& image, std::size_t offset, const Areas& areas, std::uint32_t size = 0x4000,
             std::string_view name = "FLASH") {
  const Bytes map = Bytes(image).subspan(offset, 56 + 42 * areas.size());
  std::ranges::fill(map, std::uint8_t{0});
  std::ranges::copy(std::string_view("__FMAP__"), map.begin());
  map[8] = 1;
  map[9] = 1;
  store_le<std::uint64_t>(map, 10, 0xff000000);
  store_le<std::uint32_t>(map, 18, size);
  std::ranges::copy(name, map.begin() + 22);
  store_le<std::uint16_t>(map, 54, static_cast<std::uint16_t>(areas.size()));
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const Bytes entry = map.subspan(56 + 42 * i, 42);
    store_le<std::uint32_t>(entry, 0, static_cast<std::uint32_t>(areas[i].range.offset));
    store_le<std::uint32_t>(entry, 4, static_cast<std::uint32_t>(areas[i].range.size));
    std::ranges::copy(areas[i].name, entry.begin() + 8);
    store_le<std::uint16_t>(entry, 40, areas[i].flags);
  }
}

Buffer blank() { return Buffer(0x4000, 0xff); }

TEST(Fmap, NoneInABlankImage) {
  EXPECT_FALSE(find_fmap(blank()));
  EXPECT_FALSE(find_fmap({}));
}

TEST(Fmap, ReadsTheMap) {
  Buffer image = blank();
  put_map(image, 0x203, sample_areas);
  const auto map = find_fmap(image);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->where, (Range{0x203, 56 + 4 * 42}));
  EXPECT_EQ(map->base, 0xff000000U);
  EXPECT_EQ(map->size, 0x4000U);
  EXPECT_EQ(map->name, "FLASH");
  EXPECT_EQ(map->areas, sample_areas);
  ASSERT_NE(map->area("RO"), nullptr);
  EXPECT_EQ(map->area("RO")->range, (Range{0x1000, 0x2000}));
  EXPECT_EQ(map->area("ro"), nullptr);
}

TEST(Fmap, ReadInPiecesAsInWhole) {
  Buffer image = blank();
  put_map(image, 0x3000, sample_areas);
  const ConstBytes at = ConstBytes(image).subspan(0x3000);
  ASSERT_EQ(fmap_length(at.first(fmap_header_size)), 56U + 4 * 42);
  EXPECT_FALSE(fmap_length(at.first(fmap_header_size - 1)));
  EXPECT_FALSE(fmap_length(ConstBytes(image).first(fmap_header_size)));
  const auto map = parse_fmap(at.first(56 + 4 * 42), 0x3000, image.size());
  ASSERT_TRUE(map);
  EXPECT_EQ(map->areas, find_fmap(image)->areas);
  EXPECT_EQ(map->where, (Range{0x3000, 56 + 4 * 42}));
  EXPECT_FALSE(parse_fmap(at.first(56 + 4 * 42 - 1), 0x3000, image.size()));
  EXPECT_FALSE(parse_fmap(at, 0x3000, 0x3fff));
  EXPECT_FALSE(parse_fmap(at, 0x3fff, image.size()));
}

TEST(Fmap, DepthCountsEnclosingAreas) {
  Buffer image = blank();
  put_map(image, 0, sample_areas);
  const auto map = find_fmap(image);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->depth(0), 0U);
  EXPECT_EQ(map->depth(1), 1U);
  EXPECT_EQ(map->depth(2), 2U);
  EXPECT_EQ(map->depth(3), 3U) << "of equal ranges the earlier one is outside";
}

TEST(Fmap, SignaturesInCodeAreNoMaps) {
  Buffer image = blank();
  std::ranges::copy(std::string_view("__FMAP__ not found"), image.begin() + 0x20);
  std::ranges::copy(std::string_view("__FMAP__"), image.begin() + 0x3ff8);
  EXPECT_FALSE(find_fmap(image));
  put_map(image, 0x800, sample_areas);
  const auto map = find_fmap(image);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->where.offset, 0x800U);
}

TEST(Fmap, EqualCopiesAreOneMap) {
  Buffer image = blank();
  put_map(image, 0x400, sample_areas);
  put_map(image, 0x800, sample_areas);
  EXPECT_EQ(find_fmap(image)->where.offset, 0x400U);
}

TEST(Fmap, TwoValidMapsThatDifferAreAnError) {
  Buffer image = blank();
  put_map(image, 0x400, sample_areas);
  put_map(image, 0x800, {sample_areas[0]});
  try {
    (void)find_fmap(image);
    ADD_FAILURE();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "FMAP: two valid maps that differ, at 0x400 and 0x800");
  }
}

TEST(Fmap, DamagedMapsDoNotCount) {
  const auto without = [](auto damage) {
    Buffer image = blank();
    put_map(image, 0, sample_areas);
    damage(image);
    return !find_fmap(image).has_value();
  };
  EXPECT_FALSE(without([](Buffer& image) { image[9] = 0; })) << "version 1.0 is one";
  EXPECT_TRUE(without([](Buffer& image) { image[8] = 2; }));
  EXPECT_TRUE(without([](Buffer& image) { store_le<std::uint32_t>(image, 18, 0); }));
  EXPECT_TRUE(without([](Buffer& image) { store_le<std::uint32_t>(image, 18, 0x4001); }));
  EXPECT_TRUE(without([](Buffer& image) { image[22] = 0x07; })) << "its name";
  EXPECT_TRUE(without([](Buffer& image) { image[22] = 0; })) << "its name";
  EXPECT_TRUE(without([](Buffer& image) { store_le<std::uint16_t>(image, 54, 0xffff); }));
  EXPECT_TRUE(without([](Buffer& image) { image[56 + 8] = 0xff; })) << "an area's name";
}

TEST(Fmap, NamesOfAreasMayHaveSpaces) {
  Buffer image = blank();
  put_map(image, 0, {{"GBB Area", {0x1000, 0x800}, 0}});
  ASSERT_TRUE(find_fmap(image));
  EXPECT_NE(find_fmap(image)->area("GBB Area"), nullptr);
}

TEST(Fmap, TheMapsNameEndsInsideItsField) {
  Buffer image = blank();
  put_map(image, 0, sample_areas, 0x4000, std::string(31, 'N'));
  EXPECT_TRUE(find_fmap(image));
  put_map(image, 0, sample_areas, 0x4000, std::string(32, 'N'));
  EXPECT_FALSE(find_fmap(image));
}

TEST(Fmap, AreasOutsideTheMapsSizeDoNotCount) {
  Buffer image = blank();
  put_map(image, 0, {{"ALL", {0, 0x3000}, 0}}, 0x3000);
  EXPECT_TRUE(find_fmap(image)) << "the image may be larger";
  put_map(image, 0, {{"ALL", {0, 0x3001}, 0}}, 0x3000);
  EXPECT_FALSE(find_fmap(image));
}

TEST(Fmap, NoMapHasHundredsOfAreas) {
  Buffer image = blank();
  put_map(image, 0, Areas(256, sample_areas[0]));
  EXPECT_TRUE(find_fmap(image));
  put_map(image, 0, Areas(257, sample_areas[0]));
  EXPECT_FALSE(find_fmap(image));
}

TEST(Fmap, ASignatureInsideAMapIsNoOther) {
  Buffer image = blank();
  Areas areas = sample_areas;
  areas[2].name = "__FMAP__";
  put_map(image, 0, areas);
  EXPECT_EQ(find_fmap(image)->areas, areas);
}

TEST(Fmap, AreasOutsideTheImageDoNotCount) {
  for (const Range outside : {Range{0x3fff, 2}, Range{0x4001, 0}, Range{0xffffffff, 0xffffffff}}) {
    Buffer image = blank();
    put_map(image, 0, {{"ALL", outside, 0}});
    EXPECT_FALSE(find_fmap(image)) << to_string(outside);
  }
}

}  // namespace
}  // namespace romwright::images
