// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/padding.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

TEST(Padding, IsOneZeroByteBehindAnImage) {
  Buffer image(8192, 0xff);
  EXPECT_EQ(padding_of(image), Padding::none);
  image.push_back(0);
  EXPECT_EQ(padding_of(image), Padding::byte);
  image.back() = 0xff;
  EXPECT_EQ(padding_of(image), Padding::wrong);
  image.back() = 0;
  image.push_back(0);
  EXPECT_EQ(padding_of(image), Padding::wrong);
  EXPECT_EQ(padding_of({}), Padding::wrong);
  EXPECT_EQ(padding_of(Buffer(1, 0)), Padding::wrong);
}

TEST(Padding, IsTakenOff) {
  Buffer image(4097);
  EXPECT_TRUE(remove_padding(image, "a.rom"));
  EXPECT_EQ(image.size(), 4096U);
  EXPECT_FALSE(remove_padding(image, "a.rom"));
  EXPECT_EQ(image.size(), 4096U);
}

TEST(Padding, TellsWhatIsWrong) {
  const auto line = [](Buffer image) {
    try {
      remove_padding(image, "a.rom");
    } catch (const ImageError& error) {
      return error.line();
    }
    return std::string("no error");
  };
  EXPECT_EQ(line(Buffer(4097, 0xff)),
            "a.rom: the byte behind its 4 KiB is 0xff, where 0x00 pads an incomplete ROM (get the "
            "release again)");
  EXPECT_EQ(line(Buffer(5000, 0)),
            "a.rom: 5 000 bytes is not the size of an image (a flash chip holds a multiple of "
            "4 KiB; is the file truncated?)");
  EXPECT_EQ(line({}),
            "a.rom: 0 bytes is not the size of an image (a flash chip holds a multiple of 4 KiB; "
            "is the file truncated?)");
  EXPECT_EQ(line(Buffer(1, 0)),
            "a.rom: 1 byte is not the size of an image (a flash chip holds a multiple of 4 KiB; is "
            "the file truncated?)");
}

}  // namespace
}  // namespace romwright::images
