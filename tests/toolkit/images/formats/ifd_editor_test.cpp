// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/descriptors.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {
namespace {

using testing::ElementsAre;

constexpr Range bios{0x8000, 0x8000}, me{0x3000, 0x5000}, gbe{0x1000, 0x2000};

Buffer image_of(const test::Generation& made, bool with_gbe = true) {
  Buffer image = test::pattern(0x10000, 3);
  test::NumberedRegions regions{{0, {0, 0x1000}}, {1, bios}, {2, me}};
  if (with_gbe) regions.emplace_back(3, gbe);
  test::put_descriptor(image, made, regions, {0});
  return image;
}

/// `image` with `content` at `offset`.
Buffer with(Buffer image, std::uint64_t offset, ConstBytes content) {
  std::ranges::copy(content, image.begin() + static_cast<std::ptrdiff_t>(offset));
  return image;
}

template <typename Body>
std::string error_of(Body body) {
  try {
    body();
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(IfdEditor, InsertsShorterContentAtTheStart) {
  Buffer image = image_of(test::series7);
  const Buffer content = test::pattern(0x1234, 9, 5);
  const Buffer expected = with(image, me.offset, content);
  IfdEditor(image).insert_region("me", content);
  EXPECT_EQ(image, expected) << "what follows in the region stays";
}

TEST(IfdEditor, InsertsByThePrettyNameToo) {
  Buffer image = image_of(test::series100);
  const Buffer content = test::pattern(me.size, 9, 5);
  const Buffer expected = with(image, me.offset, content);
  IfdEditor(image).insert_region("Intel ME", content);
  EXPECT_EQ(image, expected);
}

TEST(IfdEditor, PutsTheBiosAtTheEndOfItsRegion) {
  for (const char* name : {"bios", "BIOS"}) {
    Buffer image = image_of(test::series7);
    const Buffer content = test::pattern(0x1800, 9, 5);
    Buffer expected = with(image, bios.offset, Buffer(bios.size, 0xff));
    expected = with(expected, bios.end() - content.size(), content);
    IfdEditor(image).insert_region(name, content);
    EXPECT_EQ(image, expected) << name;
  }
}

TEST(IfdEditor, RefusesContentThatIsTooLarge) {
  Buffer image = image_of(test::series7);
  const Buffer before = image;
  EXPECT_EQ(error_of([&] { IfdEditor(image).insert_region("me", Buffer(me.size + 1)); }),
            "region me: 20 481 bytes do not fit 20 KiB");
  EXPECT_EQ(image, before);
}

TEST(IfdEditor, RefusesRegionsThatAreNone) {
  Buffer image = image_of(test::series7, false);
  const Buffer before = image;
  EXPECT_EQ(error_of([&] { IfdEditor(image).insert_region("gbe", Buffer(1)); }),
            "region gbe: the descriptor has none");
  EXPECT_EQ(error_of([&] { IfdEditor(image).erase_region("pd"); }),
            "region pd: the descriptor has none");
  EXPECT_EQ(image, before);
}

TEST(IfdEditor, RefusesARegionOutsideTheImage) {
  Buffer image = image_of(test::series7);
  image.resize(0xf000);
  const Buffer before = image;
  EXPECT_EQ(error_of([&] { IfdEditor(image).insert_region("bios", Buffer(1)); }),
            "region bios: 0x8000+0x8000 lies outside 0xf000 bytes");
  EXPECT_EQ(image, before);
}

TEST(IfdEditor, NeedsADescriptor) {
  Buffer blank(0x2000, 0xff);
  EXPECT_EQ(error_of([&] { IfdEditor editor(blank); }), "no flash descriptor");
}

TEST(IfdEditor, ErasesARegion) {
  Buffer image = image_of(test::series7);
  const Buffer expected = with(image, gbe.offset, Buffer(gbe.size, 0xff));
  IfdEditor(image).erase_region("gbe");
  EXPECT_EQ(image, expected);
}

/// The masters after lock and unlock.
std::vector<std::uint32_t> locked(const test::Generation& made, bool with_gbe,
                                  std::string_view platform) {
  Buffer image = image_of(made, with_gbe);
  IfdEditor(image, find_ifd_platform(platform)).lock();
  return find_ifd(image)->masters();
}
std::vector<std::uint32_t> unlocked(const test::Generation& made, std::string_view platform) {
  Buffer image = image_of(made);
  IfdEditor(image, find_ifd_platform(platform)).unlock();
  return find_ifd(image)->masters();
}

TEST(IfdEditor, Locks) {
  EXPECT_THAT(locked(test::series7, true, ""), ElementsAre(0x0a0b0000, 0x0c0d0000, 0x08080118));
  EXPECT_THAT(locked(test::series7, false, ""), ElementsAre(0x02030000, 0x04050000, 0x00000118));
  EXPECT_THAT(locked(test::series100, true, "sklkbl"),
              ElementsAre(0x00a00b00, 0x00400d00, 0x00800900, 0x00200300, 0x00000000, 0xffffffff));
  EXPECT_THAT(locked(test::series100, false, "sklkbl"),
              ElementsAre(0x00200300, 0x00400500, 0x00000000, 0x00200300, 0x00000000, 0xffffffff));
}

TEST(IfdEditor, Unlocks) {
  EXPECT_THAT(unlocked(test::series7, ""), ElementsAre(0xffff0000, 0xffff0000, 0x08080118));
  EXPECT_THAT(unlocked(test::series100, "sklkbl"),
              ElementsAre(0xffffff00, 0xffffff00, 0xffffff00, 0x00200300, 0xffffff00, 0xffffffff));
  EXPECT_THAT(unlocked(test::series600, "adl"),
              ElementsAre(0xffffffff, 0xffffffff, 0xffffffff, 0x00200300, 0xffffffff, 0xffffffff));
}

TEST(IfdEditor, ThePlatformIsToldByTheDescriptor) {
  for (const auto& made : {test::series7, test::series100, test::series300}) {
    Buffer told = image_of(made), named = told;
    IfdEditor(told).unlock();
    IfdEditor(named, find_ifd_platform(made.platform)).unlock();
    EXPECT_EQ(told, named) << made.platform;
  }
}

TEST(IfdEditor, SwitchesTheManagementEngineOffAndOn) {
  for (const auto& made : {test::series7, test::series8, test::series100, test::series600}) {
    const Buffer original = image_of(made);
    EXPECT_FALSE(find_ifd(original)->me_disabled());
    Buffer expected = original;
    store_le(Bytes(expected), made.me_disable, made.me_disable_mask);
    Buffer image = original;
    IfdEditor(image).set_me_disabled(true);
    EXPECT_EQ(image, expected) << made.platform;
    EXPECT_TRUE(find_ifd(image)->me_disabled());
    IfdEditor(image).set_me_disabled(false);
    EXPECT_EQ(image, original) << made.platform;
  }
}

TEST(IfdEditor, Ich9HasThreeBits) {
  const Buffer original = image_of(test::ich9);
  Buffer expected = original;
  store_le<std::uint32_t>(Bytes(expected), 0x100, 1);
  store_le<std::uint32_t>(Bytes(expected), 0x200, 0x81);
  Buffer image = original;
  IfdEditor(image).set_me_disabled(true);
  EXPECT_EQ(image, expected);
  image[0x200] = 0x80;
  EXPECT_FALSE(find_ifd(image)->me_disabled()) << "all of them count";
}

TEST(IfdEditor, StrapsBehindTheDescriptorAreAnError) {
  Buffer image = image_of(test::series7);
  store_le<std::uint32_t>(Bytes(image), 0x18, 0x12ff0206);  // at 0xff0: dword 10 is outside
  const Buffer before = image;
  EXPECT_EQ(error_of([&] { IfdEditor(image).set_me_disabled(true); }),
            "flash descriptor: soft strap: 0x1018+0x4 lies outside 0x1000 bytes");
  EXPECT_EQ(image, before);
}

TEST(IfdEditor, ContentWithoutADescriptorEndsTheEditing) {
  Buffer image = image_of(test::series7);
  IfdEditor editor(image);
  editor.insert_region("fd", Buffer(0x1000, 0));
  EXPECT_EQ(error_of([&] { editor.unlock(); }), "no flash descriptor");
}

}  // namespace
}  // namespace romwright::images
