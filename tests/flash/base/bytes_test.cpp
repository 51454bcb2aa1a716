// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/bytes.h"

#include <array>

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright {
namespace {

TEST(Bytes, LoadsAndStoresBothOrders) {
  std::array<std::uint8_t, 8> bytes{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(load_le<std::uint32_t>(bytes, 1), 0x05040302U);
  EXPECT_EQ(load_be<std::uint32_t>(bytes, 1), 0x02030405U);
  EXPECT_EQ(load_le<std::uint64_t>(bytes), 0x0807060504030201U);
  EXPECT_EQ(load_be<std::uint8_t>(bytes, 7), 8);
  store_be<std::uint16_t>(bytes, 0, 0xabcd);
  store_le<std::uint16_t>(bytes, 2, 0xabcd);
  EXPECT_EQ(to_hex(ConstBytes(bytes).first(4)), "abcdcdab");
}

TEST(Bytes, SliceRefusesWhatLiesOutside) {
  const Buffer bytes(16);
  EXPECT_EQ(slice(ConstBytes(bytes), {4, 12}, "x").size(), 12U);
  EXPECT_EQ(slice(ConstBytes(bytes), {16, 0}, "x").size(), 0U);
  for (const Range bad : {Range{4, 13}, Range{17, 0}, Range{1, UINT64_MAX}, Range{UINT64_MAX, 1}}) {
    EXPECT_THROW(slice(ConstBytes(bytes), bad, "x"), ImageError);
  }
  try {
    slice(ConstBytes(bytes), {8, 16}, "region me");
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.line(), "region me: 0x8+0x10 lies outside 0x10 bytes");
  }
}

TEST(Bytes, AllEqual) {
  EXPECT_TRUE(all_equal({}, 0xff));
  Buffer bytes(1000, 0xff);
  EXPECT_TRUE(all_equal(bytes, 0xff));
  EXPECT_FALSE(all_equal(bytes, 0x00));
  bytes[999] = 0xfe;
  EXPECT_FALSE(all_equal(bytes, 0xff));
}

TEST(Bytes, Find) {
  const ConstBytes text = as_bytes("abcabc");
  EXPECT_EQ(find_bytes(text, as_bytes("bc")), 1U);
  EXPECT_EQ(find_bytes(text, as_bytes("bc"), 2), 4U);
  EXPECT_EQ(find_bytes(text, as_bytes("x")), std::nullopt);
  EXPECT_EQ(find_bytes(text, as_bytes("a"), 7), std::nullopt);
  EXPECT_EQ(find_bytes({}, as_bytes("a")), std::nullopt);
}

TEST(Bytes, Sizes) {
  EXPECT_EQ(human_size(12U << 20), "12 MiB");
  EXPECT_EQ(human_size(3072), "3 KiB");
  EXPECT_EQ(human_size(1234567), "1 234 567 bytes");
  EXPECT_EQ(human_size(1), "1 byte");
  EXPECT_EQ(human_size(0), "0 bytes");
  EXPECT_EQ(align_up(UINT64_MAX - 1, 4096), UINT64_MAX);
  EXPECT_EQ(align_up(4097, 4096), 8192U);
}

TEST(Range, NeverWraps) {
  constexpr Range whole{0, 100};
  EXPECT_FALSE(whole.contains(Range{50, UINT64_MAX}));
  EXPECT_FALSE(whole.contains(Range{UINT64_MAX, 2}));
  EXPECT_TRUE(whole.contains(Range{100, 0}));
  EXPECT_FALSE(whole.contains(100U));
  EXPECT_TRUE(whole.overlaps(Range{99, 1}));
  EXPECT_FALSE(whole.overlaps(Range{100, 1}));
  EXPECT_FALSE(whole.overlaps(Range{50, 0}));
  EXPECT_EQ(whole.intersect(Range{90, 20}), (Range{90, 10}));
  EXPECT_EQ(to_string(Range{0x3000, 0x18000}), "0x3000+0x18000");
}

}  // namespace
}  // namespace romwright
