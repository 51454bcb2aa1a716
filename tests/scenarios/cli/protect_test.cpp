// SPDX-License-Identifier: GPL-2.0-or-later
// The chip's own write protection through the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_image.h"

namespace romwright {
namespace {

using testing::HasSubstr;

TEST(Protect, EnableStatusAndDisable) {
  const test::Workplace place;
  const std::string chip = "sim:chip=W25Q64FV,image=" + place.path("chip");
  const auto range = [&](const std::vector<std::string>& what) {
    std::vector<std::string> arguments{"protect", "-p", chip};
    arguments.insert(arguments.end(), what.begin(), what.end());
    const auto json = place.json(arguments);
    return std::pair(json["range"]["offset"].get<std::uint64_t>(),
                     json["range"]["size"].get<std::uint64_t>());
  };
  EXPECT_EQ(range({"status"}).second, 0U);
  EXPECT_EQ(range({"enable", "0x400000+0x400000"}), std::pair(0x400000UL, 0x400000UL));
  EXPECT_EQ(range({"status"}), std::pair(0x400000UL, 0x400000UL));
  EXPECT_EQ(range({"enable", "0:3fffff"}), std::pair(0UL, 0x400000UL));
  EXPECT_EQ(range({"enable"}), std::pair(0UL, 0x800000UL));
  EXPECT_EQ(range({"disable"}).second, 0U);
}

TEST(Protect, WhatCannotBe) {
  const test::Workplace place;
  const std::string chip = "sim:chip=W25Q64FV,image=" + place.path("chip");
  const auto refused = place({"protect", "-p", chip, "enable", "0x0+0x3000"});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("cannot protect 0x0+0x3000 (it can protect 0x0+0x2000 or "
                                     "0x0+0x4000)"));
  EXPECT_EQ(place({"protect", "-p", chip, "enable", "top"}).status, 2);
  EXPECT_EQ(place({"protect", "-p", chip}).status, 2);
  const auto ranges = place.json({"protect", "-p", chip, "ranges"})["ranges"];
  EXPECT_GT(ranges.size(), 20U);
}

TEST(Protect, AWriteNeedsLeave) {
  const test::Workplace place;
  const std::string chip = "sim:chip=W25Q16.V,image=" + place.path("chip");
  place.write("image", test::sample_content(2U << 20, 4));
  ASSERT_EQ(place({"protect", "-p", chip, "enable", "0x0+0x100000"}).status, 0);
  const auto refused = place({"write", "-p", chip, place.path("image")});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("(--unprotect lifts it for the time of the write)"));
  EXPECT_TRUE(all_equal(place.read("chip"), 0xff));
  EXPECT_EQ(place({"write", "-p", chip, place.path("image"), "--unprotect"}).status, 0);
  EXPECT_TRUE(place.read("chip") == place.read("image"));
  EXPECT_EQ(place.json({"protect", "-p", chip, "status"})["range"]["size"], 0x100000);
}

}  // namespace
}  // namespace romwright
