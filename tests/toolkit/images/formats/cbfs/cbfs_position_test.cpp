// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_position.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t image_size = 0x1000000;
constexpr Range region{0x800000, 0x7f0000};

std::uint64_t resolve(std::string_view text) {
  return CbfsPosition::parse(text).resolve(image_size, region);
}

std::string error_of(std::string_view text) {
  try {
    static_cast<void>(resolve(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(CbfsPosition, IsAnOffsetADistanceOrAnAddress) {
  EXPECT_EQ(resolve("0x1000"), 0x801000U);
  EXPECT_EQ(resolve("4096"), 0x801000U);
  EXPECT_EQ(resolve("-0x208000"), region.end() - 0x208000);
  EXPECT_EQ(resolve("0xfffa0000"), image_size - 0x60000);
  EXPECT_EQ(CbfsPosition::offset(-0x208000), CbfsPosition::parse("-0x208000"));
  EXPECT_EQ(CbfsPosition::offset(0x1000), CbfsPosition::parse("0x1000"));
  EXPECT_EQ(CbfsPosition::offset(INT64_MIN), CbfsPosition::from_end(1ULL << 63));
  for (const std::string_view text : {"0x1000", "-0x208000", "0xfffa0000"})
    EXPECT_EQ(to_string(CbfsPosition::parse(text)), text);
}

TEST(CbfsPosition, RefusesWhatLiesOutside) {
  EXPECT_EQ(error_of("0x7f0000"), "position 0x7f0000: lies beyond the CBFS of 0x7f0000 bytes");
  EXPECT_EQ(error_of("-0x7f0001"), "position -0x7f0001: lies before the CBFS of 0x7f0000 bytes");
  EXPECT_EQ(error_of("0xfeffffff"),
            "position 0xfeffffff: lies below the image, which begins at address 0xff000000");
  EXPECT_EQ(error_of("0x100000000"), "position 0x100000000: is no address between 2 and 4 GiB");
  EXPECT_EQ(error_of("0xffff0000"),
            "position 0xffff0000: is offset 0xff0000 in the image, outside the CBFS at "
            "0x800000+0x7f0000");
}

TEST(CbfsPosition, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "-", "-0", "0x", "abc", "1 ", "--1", "0x10000000000000000"})
    EXPECT_THROW(static_cast<void>(CbfsPosition::parse(text)), UsageError) << text;
}

}  // namespace
}  // namespace romwright::images
