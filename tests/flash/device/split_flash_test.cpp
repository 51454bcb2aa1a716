// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/split_flash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/device/erase_plan.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using test::FakeFlash;
using test::nor_geometry;
using ::testing::ElementsAre;

constexpr std::uint64_t kib = 1024;

struct Fixture {
  VirtualClock clock;
  FakeFlash low{nor_geometry(128 * kib), clock};
  FakeFlash high{nor_geometry(64 * kib), clock};
  SplitFlash both{{&low, &high}};
  test::Listener events;
  romwright::Run run{{}, events};
};

TEST(SplitFlash, IsAsLargeAsBoth) {
  Fixture fixture;
  EXPECT_EQ(fixture.both.geometry().size, 192 * kib);
  ASSERT_EQ(fixture.both.geometry().erase_types.size(), 8U);
  EXPECT_EQ(fixture.both.geometry().erase_types[3].start, 0U);
  EXPECT_EQ(fixture.both.geometry().erase_types[4].start, 128 * kib);
}

TEST(SplitFlash, ReadsAcrossTheBorder) {
  Fixture fixture;
  fixture.low.content = romwright::test::pattern(128 * kib, 1);
  fixture.high.content = romwright::test::pattern(64 * kib, 77);
  Buffer read(0x200);
  fixture.both.read(128 * kib - 0x100, read, fixture.run);
  EXPECT_TRUE(std::equal(read.begin(), read.begin() + 0x100, fixture.low.content.end() - 0x100));
  EXPECT_TRUE(std::equal(read.begin() + 0x100, read.end(), fixture.high.content.begin()));
  EXPECT_THROW(fixture.both.read(192 * kib - 1, read, fixture.run), DeviceError);
}

TEST(SplitFlash, APlanNeverErasesAcrossTheBorder) {
  Fixture fixture;
  fixture.low.content = romwright::test::pattern(128 * kib, 1);
  fixture.high.content = romwright::test::pattern(64 * kib, 77);
  Buffer current(192 * kib);
  fixture.both.read(0, current, fixture.run);
  const Buffer wanted = romwright::test::pattern(192 * kib, 5, 3);
  const Range whole{0, wanted.size()};
  const ErasePlan plan = plan_erase(fixture.both.geometry(), current, wanted, {&whole, 1});
  ASSERT_EQ(plan.steps.size(), 3U);
  std::vector<std::size_t> done;
  fixture.both.apply(
      plan.steps, [&](std::size_t i) { done.push_back(i); }, fixture.run);
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
  EXPECT_THAT(fixture.low.erases,
              ElementsAre(Erase{{0, 0x10000}, 2}, Erase{{0x10000, 0x10000}, 2}));
  EXPECT_THAT(fixture.high.erases, ElementsAre(Erase{{0, 0x10000}, 2}));
  Buffer now(192 * kib);
  fixture.both.read(0, now, fixture.run);
  EXPECT_EQ(now, wanted);
  EXPECT_EQ(fixture.both.statistics().erased_bytes, 192 * kib);
  EXPECT_EQ(fixture.both.statistics().programmed_bytes, 192 * kib);
}

TEST(SplitFlash, SplitsAProgramAtTheBorder) {
  Fixture fixture;
  const Buffer data(0x100, 0x5a);
  const FlashStep step{std::nullopt, {{128 * kib - 0x80, data}}};
  std::size_t done = 0;
  fixture.both.apply(
      {&step, 1}, [&](std::size_t) { ++done; }, fixture.run);
  EXPECT_EQ(done, 1U);
  EXPECT_TRUE(all_equal(ConstBytes(fixture.low.content).last(0x80), 0x5a));
  EXPECT_TRUE(all_equal(ConstBytes(fixture.high.content).first(0x80), 0x5a));
}

TEST(SplitFlash, ProtectionAndAccessOfEachPart) {
  Fixture fixture;
  fixture.high.protected_ranges = {{{0x1000, 0x2000}, "PR0", false}};
  fixture.high.on_access = [](Range range) {
    return range.contains(0x8000) ? Access{true, false, "locked"} : Access{};
  };
  ASSERT_EQ(fixture.both.protections().size(), 1U);
  EXPECT_EQ(fixture.both.protections()[0].range, (Range{0x21000, 0x2000}));
  EXPECT_TRUE(fixture.both.access({0, 0x21000}).writable);
  EXPECT_FALSE(fixture.both.access({0, 0x29000}).writable);
  EXPECT_EQ(fixture.both.access({0, 0x29000}).reason, "locked");
}

TEST(SplitFlash, PartsMustEraseToTheSameValue) {
  VirtualClock clock;
  FakeFlash one(nor_geometry(64 * kib), clock);
  Geometry zero = nor_geometry(64 * kib);
  zero.erased_value = 0;
  FakeFlash other(zero, clock);
  EXPECT_THROW(SplitFlash({&one, &other}), RefusedError);
}

}  // namespace
}  // namespace romwright::flash
