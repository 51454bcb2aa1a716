// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/size_check.h"

#include <gtest/gtest.h>

#include "tests/flash/device/fake_flash.h"

namespace romwright::flash {
namespace {

TEST(SizeCheck, FindsWhereTheContentRepeats) {
  VirtualClock clock;
  Geometry geometry;
  geometry.size = 1U << 20;
  test::FakeFlash flash(geometry, clock);
  EventSink events;
  romwright::Run run{{}, events};
  EXPECT_EQ(repeating_size(flash, run), 1U << 20);  // blank: it cannot be told
  for (std::size_t i = 0; i < flash.content.size(); ++i)
    flash.content[i] = static_cast<std::uint8_t>((i % (1U << 18)) * 2654435761U >> 13);
  EXPECT_EQ(repeating_size(flash, run), 1U << 18);
  flash.content[(1U << 19) + (1U << 14)] ^= 1;
  EXPECT_EQ(repeating_size(flash, run), 1U << 20);
}

}  // namespace
}  // namespace romwright::flash
