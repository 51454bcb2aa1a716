// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/image_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recipes.h"
#include "toolkit/vendor/salvage.h"

namespace romwright::vendor {
namespace {

bool holds(const ExtractedFiles& parts, const std::string& path, const Buffer& content) {
  return std::ranges::any_of(parts, [&](const ExtractedFile& part) {
    return part.path == path && std::ranges::equal(part.content.bytes(), content);
  });
}

TEST(ImageParts, SizesOfImages) {
  EXPECT_TRUE(has_image_size(64U << 10));
  EXPECT_TRUE(has_image_size(12U << 20));
  EXPECT_TRUE(has_image_size(64U << 20));
  EXPECT_FALSE(has_image_size(60U << 10));
  EXPECT_FALSE(has_image_size((12U << 20) + 1));
  EXPECT_FALSE(has_image_size(128U << 20));
}

TEST(ImageParts, RegionsWithoutTheirBlankEnd) {
  const ExtractedFiles parts = image_parts({"dump.rom", Content(test::made_dump(1))});
  Buffer whole(test::SampleImage::me.size, 0xff);
  const Buffer me = test::made_me(1);
  std::ranges::copy(me, whole.begin());
  EXPECT_TRUE(holds(parts, "dump.rom/me", whole));
  EXPECT_TRUE(holds(parts, "dump.rom/me", me));
  whole.resize(0x6000);
  EXPECT_TRUE(holds(parts, "dump.rom/me", whole));
}

TEST(ImageParts, FilesOfTheCbfs) {
  Buffer image = test::sample_image("txtmode");
  const Buffer ec = test::pattern(5000, 9);
  images::CbfsEditor(image, test::SampleImage::coreboot).add("ecfw1.bin", ec);
  EXPECT_TRUE(holds(image_parts({"a.rom", Content(image)}), "a.rom/ecfw1.bin", ec));
}

TEST(ImageParts, OfSomethingElseThereAreNone) {
  EXPECT_TRUE(image_parts({"x", Content(test::pattern(70000, 1))}).empty());
  EXPECT_TRUE(image_parts({"x", Content()}).empty());
  Buffer damaged = test::made_dump(1);
  damaged[0x16] = 0xff;
  damaged.resize(0x10000);
  for (const ExtractedFile& part : image_parts({"x", Content(damaged)}))
    EXPECT_LE(part.content.size(), damaged.size());
}

TEST(SalvageTest, WhatIsWorthReading) {
  const manifests::Recipe recipe = test::made_pair();
  EXPECT_TRUE(may_hold(recipe, "v/dump.rom", 8U << 20));
  EXPECT_TRUE(may_hold(recipe, "v/Rompaq/ecfw1.bin", 3000));
  EXPECT_FALSE(may_hold(recipe, "v/ecfw1.bin", 3000));
  EXPECT_FALSE(may_hold(recipe, "v/Rompaq/ecfw1.bin", 65ULL << 20));
}

TEST(SalvageTest, AnotherReleasesRomGivesWhatWasInserted) {
  EventSink events;
  romwright::Run quiet{{}, events};
  Workshop workshop{quiet, std::filesystem::temp_directory_path()};
  Buffer image = test::sample_image("txtmode");
  images::CbfsEditor(image, test::SampleImage::coreboot).add("ecfw1.bin", test::made_ec1);
  const Salvage found = salvage(test::made_pair(), {"old.rom", Content(image)}, workshop);
  ASSERT_EQ(found.results.size(), 1U);
  EXPECT_EQ(found.results[0].result.name, "ecfw1.bin");
  EXPECT_TRUE(std::ranges::equal(found.results[0].content.bytes(), test::made_ec1));
  EXPECT_THAT(found.notes, testing::IsEmpty());
}

TEST(SalvageTest, SaysWhatKeptADumpsEngineFromTheResult) {
  EventSink events;
  romwright::Run quiet{{}, events};
  Workshop workshop{quiet, std::filesystem::temp_directory_path()};
  manifests::Recipe recipe = test::made_recipe();
  recipe.extract[2].parameters["offset"] = 1U << 20;
  const Salvage found = salvage(recipe, {"dump.rom", Content(test::made_dump(3))}, workshop);
  EXPECT_THAT(found.results, testing::IsEmpty());
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_THAT(found.notes[0],
              testing::StartsWith(
                  "dump.rom: holds ME 8.3.0.1 (96 KiB), but me-made.yaml:6: carve: dump.rom"));
}

}  // namespace
}  // namespace romwright::vendor
