// SPDX-License-Identifier: GPL-2.0-or-later
// One programmer, a board with two chips, and a clip that is moved from one to the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

using testing::HasSubstr;

TEST(MovedClip, EachChipGetsItsPart) {
  const test::Workplace place;
  test::make_sample_release(place.path("sample"));
  const std::string rom = "sample/complete/bin/sample_12mb/seabios_sample_12mb_txtmode.rom";
  const auto flash = [&](const std::string& chip, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"flash",       place.path(rom),
                                       "--board",     std::string(test::sample_board),
                                       "--manifests", place.path("sample/manifests"),
                                       "--mac",       "keep",
                                       "-p",          "sim:" + chip};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place(arguments);
  };
  const std::string first = "chip=W25Q64FV,image=" + place.path("bottom");
  const std::string second = "chip=W25Q32FV,image=" + place.path("top");
  const auto bottom = flash(first);
  EXPECT_EQ(bottom.status, 0) << bottom.err;
  EXPECT_THAT(bottom.out, HasSubstr("VERIFIED"));
  EXPECT_THAT(bottom.out, HasSubstr("this is the chip bottom of sample_12mb"));
  EXPECT_THAT(bottom.err, HasSubstr("not written yet: top: move the clip"));
  EXPECT_EQ(flash(second).status, 0);
  const Buffer image = place.read(rom);
  Buffer written = place.read("bottom");
  const Buffer top = place.read("top");
  written.insert(written.end(), top.begin(), top.end());
  EXPECT_TRUE(written == image);
  const auto wrong = flash(second, {"--part", "bottom"});
  EXPECT_EQ(wrong.status, 6) << wrong.err;
  EXPECT_EQ(flash("chip=W25Q128FV,image=" + place.path("other")).status, 6);
}

}  // namespace
}  // namespace romwright
