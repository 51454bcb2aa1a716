// SPDX-License-Identifier: GPL-2.0-or-later
// What lies between programmer and chip: a voltage that would harm, wiring that carries no fast
// clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_image.h"

namespace romwright {
namespace {

using testing::HasSubstr;

TEST(Voltage, A1V8ChipIsRefusedAt3V3) {
  const test::Workplace place;
  const std::string chip = "sim:chip=W25Q64DW,image=" + place.path("chip");
  const auto read = place({"read", "-p", chip + ",voltage=3.3", place.path("dump")});
  EXPECT_EQ(read.status, 6);
  EXPECT_THAT(read.err, HasSubstr("and the programmer puts 3.3 V on its pins (use a level-shifting "
                                  "adapter, and say so with voltage=1.8"));
  EXPECT_FALSE(place.has("dump"));
  EXPECT_EQ(place({"read", "-p", chip + ",voltage=1.8", place.path("dump")}).status, 0);
  const auto probe = place({"probe", "-p", chip + ",voltage=3.3"});
  EXPECT_EQ(probe.status, 0);
  EXPECT_THAT(probe.err, HasSubstr("warning: Winbond"));
}

TEST(Wiring, TheClockIsLoweredToWhatItCarries) {
  const test::Workplace place;
  const std::string chip =
      "sim:chip=W25Q16.V,clock=30M,carries=8000000,image=" + place.path("chip");
  place.write("image", test::sample_content(2U << 20, 9));
  const auto write = place({"write", "-p", chip, place.path("image")});
  EXPECT_EQ(write.status, 0) << write.err;
  EXPECT_THAT(write.err, HasSubstr("the wiring does not carry 30 MHz: going on at 7.5 MHz"));
  EXPECT_TRUE(place.read("chip") == place.read("image"));
}

}  // namespace
}  // namespace romwright
