// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_search.h"

#include <gtest/gtest.h>

#include "tests/support/descriptors.h"
#include "tests/support/fixtures.h"
#include "tests/support/me_images.h"

namespace romwright::images {
namespace {

Buffer region() {
  Buffer region = test::pattern(0x4000, 1);
  std::fill_n(region.begin(), 0x10, std::uint8_t{0x20});
  test::put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, 1, 0, 1234});
  test::put_me_table(region, 0x10, {{"FTPR", 0x1000, 0x2000, 0x80}, {"NVCL", 0, 0x9000, 0x82}}, 0);
  return region;
}

Buffer joined(const Buffer& a, const Buffer& b) {
  Buffer all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

std::string found(ConstBytes file) {
  std::string text;
  for (const MePlace& place : find_me(file))
    text += (place.form == MeForm::region ? "region " : "update ") + to_string(place.range) + "\n";
  return text;
}

TEST(MeSearch, FindsARegionAlone) {
  EXPECT_EQ(found(region()), "region 0x0+0x4000\n");
  EXPECT_EQ(found(joined(region(), Buffer(100))), "region 0x0+0x4064\n");
}

TEST(MeSearch, FindsWhatADescriptorNames) {
  Buffer image(0x10000, 0xff);
  test::put_descriptor(image, test::series7,
                       {{0, {0, 0x1000}}, {1, {0x8000, 0x8000}}, {2, {0x1000, 0x5000}}}, {0});
  EXPECT_EQ(found(image), "") << "the region is blank";
  const Buffer me = region();
  std::ranges::copy(me, image.begin() + 0x1000);
  EXPECT_EQ(found(image), "region 0x1000+0x5000\n");
  EXPECT_EQ(found(joined(Buffer(0x1d0, 1), image)), "region 0x11d0+0x5000\n");
  std::fill_n(image.begin() + 0x1000, 0x5000, std::uint8_t{0xff});
  test::put_text(Bytes(image).subspan(0x3000), "$CPD");
  EXPECT_EQ(found(image), "region 0x1000+0x5000\n") << "a layout without a table";
  std::ranges::copy(me, image.begin() + 0x1000);
  image.resize(0x4000);
  EXPECT_EQ(found(image), "region 0x1000+0x3000\n") << "cut off";
}

TEST(MeSearch, FindsARegionInsideAFileByItsTable) {
  EXPECT_EQ(found(joined(test::pattern(0x333, 5), joined(region(), Buffer(0x9999)))),
            "region 0x333+0x3000\n");
  const ConstBytes tag = as_bytes("the table begins with $FPT");
  EXPECT_EQ(found(joined({tag.begin(), tag.end()}, Buffer(0x2000))), "");
}

TEST(MeSearch, FindsATableThatItsRegionBeginsWith) {
  Buffer old = test::pattern(0x4000, 1);
  test::put_me_manifest(Bytes(old).subspan(0x1000), "$MAN", {4, 1, 0, 1234});
  test::put_me_table(old, 0, {{"CODE", 0x1000, 0x2000, 0x80}}, 0);
  EXPECT_EQ(found(old), "region 0x0+0x4000\n");
  EXPECT_EQ(found(joined(test::pattern(0x333, 5), joined(old, Buffer(0x9999)))),
            "region 0x333+0x3000\n");
}

TEST(MeSearch, TellsUpdates) {
  Buffer update(0x2000);
  test::put_me_manifest(update, "$MN2", {7, 1, 0, 1});
  store_le(update, 0x10, std::uint32_t{0x8086});
  EXPECT_EQ(found(update), "update 0x0+0x2000\n");
  update[0x10] = 0;
  EXPECT_EQ(found(update), "");
}

TEST(MeSearch, FindsNothingInOtherFiles) {
  EXPECT_EQ(found({}), "");
  EXPECT_EQ(found(Buffer(7)), "");
  EXPECT_EQ(found(Buffer(0x10000, 0xff)), "");
}

TEST(MeSearch, IsQuickInATableOfBlankPartitions) {
  Buffer file(8 << 20, 0xff);
  const std::vector<test::MeEntry> entries(250, {"MFS", 0x100000, 0x600000, 0});
  for (std::size_t i = 0; i < 60; ++i) test::put_me_table(file, 0x100 + i * 0x2000, entries, 0);
  EXPECT_EQ(found(file), "");
}

TEST(MeSearch, IsQuickInAFileFullOfSignatures) {
  Buffer file;
  while (file.size() < 1 << 20)
    for (const char c : std::string("$FPT\x5a\xa5\xf0\x0f"))
      file.push_back(static_cast<std::uint8_t>(c));
  EXPECT_EQ(found(file), "");
}

}  // namespace
}  // namespace romwright::images
