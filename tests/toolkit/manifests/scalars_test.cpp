// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/scalars.h"

#include <gtest/gtest.h>

namespace romwright::manifests {
namespace {

TEST(Scalars, SizesAreNumbersWithOptionalUnits) {
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("12"), 12U);
  EXPECT_EQ(parse_size("0x1000"), 0x1000U);
  EXPECT_EQ(parse_size("0xfFB"), 0xffbU);
  EXPECT_EQ(parse_size("64KiB"), 65536U);
  EXPECT_EQ(parse_size("12MiB"), 12582912U);
  EXPECT_EQ(parse_size("1GiB"), 1073741824U);
  EXPECT_EQ(parse_size("0x10KiB"), 16384U);
  EXPECT_EQ(parse_size("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_size("17179869183GiB"), 0xffffffffc0000000U);
}

TEST(Scalars, EverythingElseIsNoSize) {
  for (const char* text :
       {"", "x", "0x", "KiB", "12MB", "12 MiB", "12mib", "-1", "+1", "1.5MiB", "010", "00", "1_000",
        "18446744073709551616", "17179869184GiB", "0x10000000000000000", "12MiBKiB", " 1", "1 "})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(Scalars, OffsetsMayBeNegative) {
  EXPECT_EQ(parse_offset("-0x208000"), -0x208000);
  EXPECT_EQ(parse_offset("2MiB"), 2097152);
  EXPECT_EQ(parse_offset("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(parse_offset("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_offset("--1"), std::nullopt);
  EXPECT_EQ(parse_offset("-"), std::nullopt);
}

TEST(Scalars, RangesAreOffsetAndSize) {
  EXPECT_EQ(parse_range("0x3000+0x18000"), (Range{0x3000, 0x18000}));
  EXPECT_EQ(parse_range("4KiB+1MiB"), (Range{4096, 1048576}));
  EXPECT_EQ(parse_range("1+18446744073709551614"), (Range{1, UINT64_MAX - 1}));
  for (const char* text : {"", "+", "1", "1+", "+1", "1 + 2", "1+2+3", "1-2",
                           "2+18446744073709551614", "0x3000:0x18000"})
    EXPECT_EQ(parse_range(text), std::nullopt) << text;
}

TEST(Scalars, BooleansAreTwoWords) {
  EXPECT_EQ(parse_boolean("true"), true);
  EXPECT_EQ(parse_boolean("false"), false);
  for (const char* text : {"yes", "no", "on", "True", "1", ""})
    EXPECT_EQ(parse_boolean(text), std::nullopt) << text;
}

}  // namespace
}  // namespace romwright::manifests
