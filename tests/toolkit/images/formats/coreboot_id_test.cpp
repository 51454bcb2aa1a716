// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/coreboot_id.h"

#include <string_view>

#include <gtest/gtest.h>

namespace romwright::images {
namespace {

/// An image with the three words `back` bytes before its end, and the strings before them.
Buffer with_id(std::size_t back, std::string_view vendor, std::string_view part,
               std::uint32_t size = 0x10000) {
  Buffer image(0x10000, 0xff);
  const auto put = [&](std::string_view text, std::size_t from_end) {
    std::copy(text.begin(), text.end(), image.end() - static_cast<std::ptrdiff_t>(from_end));
    image[image.size() - from_end + text.size()] = 0;
  };
  put(vendor, back + 0x80);
  put(part, back + 0x40);
  const std::size_t at = image.size() - back - 12;
  store_le<std::uint32_t>(Bytes(image), at, static_cast<std::uint32_t>(back + 0x80));
  store_le<std::uint32_t>(Bytes(image), at + 4, static_cast<std::uint32_t>(back + 0x40));
  store_le<std::uint32_t>(Bytes(image), at + 8, size);
  return image;
}

TEST(CorebootId, AtBothPlaces) {
  for (const std::size_t back : {0x10, 0x80})
    EXPECT_EQ(find_coreboot_id(with_id(back, "LENOVO", "ThinkPad X60")),
              (CorebootId{"LENOVO", "ThinkPad X60"}));
}

TEST(CorebootId, TheEndOfTheImageIsEnough) {
  const Buffer image = with_id(0x80, "LENOVO", "ThinkPad X60");
  EXPECT_TRUE(find_coreboot_id(ConstBytes(image).last(4096), image.size()));
}

TEST(CorebootId, OtherFirmwareHasNone) {
  EXPECT_FALSE(find_coreboot_id(Buffer(0x10000, 0xff)));
  EXPECT_FALSE(find_coreboot_id(Buffer(0x10000, 0x00)));
  EXPECT_FALSE(find_coreboot_id({}, 0));
  EXPECT_FALSE(find_coreboot_id(with_id(0x80, "", "x")));
  EXPECT_FALSE(find_coreboot_id(with_id(0x80, "a\nb", "x")));
  EXPECT_FALSE(find_coreboot_id(with_id(0x80, "LENOVO", "x", 0x10001)));
  EXPECT_FALSE(find_coreboot_id(with_id(0x80, "LENOVO", "x", 0x20000)));
  Buffer beyond = with_id(0x80, "LENOVO", "x");
  store_le<std::uint32_t>(Bytes(beyond), beyond.size() - 0x80 - 12, 0x10001);
  EXPECT_FALSE(find_coreboot_id(beyond));
}

}  // namespace
}  // namespace romwright::images
