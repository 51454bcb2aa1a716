// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/erase_plan.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/device/ranges.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using test::nor_geometry;
using ::testing::ElementsAre;

constexpr std::uint64_t kib = 1024;

ErasePlan plan_all(const Geometry& geometry, const Buffer& current, const Buffer& wanted) {
  const Range whole{0, geometry.size};
  return plan_erase(geometry, current, wanted, {&whole, 1});
}

TEST(ErasePlan, IdenticalContentNeedsNothing) {
  const Geometry geometry = nor_geometry(256 * kib);
  const Buffer content = romwright::test::pattern(256 * kib, 3);
  const ErasePlan plan = plan_all(geometry, content, content);
  EXPECT_TRUE(plan.empty());
  EXPECT_EQ(plan.time.count(), 0);
  EXPECT_TRUE(plan_erase({}, {}, {}, {}).empty());
}

TEST(ErasePlan, ErasesTheSmallestBlockForOneRisingBit) {
  const Geometry geometry = nor_geometry(256 * kib);
  Buffer current(256 * kib, 0xff);
  current[0x5123] = 0x7f;
  current[0x5300] = 0x00;
  Buffer wanted(256 * kib, 0xff);
  wanted[0x5300] = 0x00;
  const ErasePlan plan = plan_all(geometry, current, wanted);
  EXPECT_THAT(describe(plan.steps), ElementsAre("erase 0x5000+0x1000, program 0x5300+0x100"));
  EXPECT_EQ(plan.erased_bytes, 0x1000U);
  EXPECT_EQ(plan.programmed_bytes, 0x100U);
  EXPECT_TRUE(plan.preserved.empty());
  EXPECT_EQ(plan.time, std::chrono::milliseconds(45) + std::chrono::microseconds(700) +
                           std::chrono::nanoseconds(267) * 262);
}

TEST(ErasePlan, ClearsBitsWithoutAnErase) {
  const Geometry geometry = nor_geometry(64 * kib);
  Buffer current(64 * kib, 0xff);
  std::fill_n(current.begin() + 0x100, 0x100, std::uint8_t{0xf0});
  Buffer wanted = current;
  wanted[0x110] = 0x30;
  wanted[0x11f] = 0x00;
  wanted[0x800] = 0x01;
  ErasePlan plan = plan_all(geometry, current, wanted);
  EXPECT_THAT(describe(plan.steps), ElementsAre("program 0x110+0x10, program 0x800+0x1"));
  EXPECT_EQ(plan.steps[0].programs[0].data[0], 0x30);

  // A page with an error-correcting code is programmed once, and only when it is blank.
  Geometry ecc = geometry;
  ecc.bits_clear_again = false;
  plan = plan_all(ecc, current, wanted);
  EXPECT_THAT(describe(plan.steps),
              ElementsAre("erase 0x0+0x1000, program 0x100+0x100, program 0x800+0x100"));
  Buffer blank(64 * kib, 0xff);
  plan = plan_all(ecc, blank, wanted);
  EXPECT_THAT(describe(plan.steps), ElementsAre("program 0x100+0x100, program 0x800+0x100"));
}

TEST(ErasePlan, TakesTheCheapestMixOfBlocks) {
  const Geometry geometry = nor_geometry(256 * kib);
  const Buffer current = romwright::test::pattern(256 * kib, 1);
  const Buffer blank(256 * kib, 0xff);
  // 4 x 150 ms is less than 20 s of chip erase, and than 64 x 45 ms.
  EXPECT_THAT(describe(plan_all(geometry, current, blank).steps),
              ElementsAre("erase 0x0+0x10000", "erase 0x10000+0x10000", "erase 0x20000+0x10000",
                          "erase 0x30000+0x10000"));
  // A fast chip erase wins.
  Geometry fast = geometry;
  fast.erase_types[3].typical = std::chrono::milliseconds(599);
  EXPECT_THAT(describe(plan_all(fast, current, blank).steps), ElementsAre("erase 0x0+0x40000"));
  fast.erase_types[3].typical = std::chrono::milliseconds(601);
  EXPECT_EQ(plan_all(fast, current, blank).steps.size(), 4U);
  // Two sectors of 4 KiB at 45 ms beat 120 ms; three do not.
  Buffer wanted = current;
  std::fill_n(wanted.begin() + 0x8000, 0x2000, std::uint8_t{0xff});
  EXPECT_THAT(describe(plan_all(geometry, current, wanted).steps),
              ElementsAre("erase 0x8000+0x1000", "erase 0x9000+0x1000"));
  Buffer sparse(256 * kib, 0xff);
  for (const std::size_t at : {0x8000, 0x9000, 0xa000}) sparse[at] = 0;
  EXPECT_THAT(describe(plan_all(geometry, sparse, blank).steps),
              ElementsAre("erase 0x8000+0x8000"));
}

TEST(ErasePlan, CountsTheTimeToRestoreWhatALargerBlockTakesAlong) {
  const Geometry geometry = nor_geometry(64 * kib);
  Buffer current = romwright::test::pattern(64 * kib, 9);
  Buffer wanted = current;
  for (const std::size_t at : {0x8000, 0x9000, 0xa000}) wanted[at] = 0xff;
  // Three sectors: 135 ms and 48 pages; 32 KiB: 120 ms and 128 pages.
  EXPECT_EQ(plan_all(geometry, current, wanted).steps.size(), 3U);
}

TEST(ErasePlan, KeepsWhatLiesOutside) {
  const Geometry geometry = nor_geometry(64 * kib);
  const Buffer current = romwright::test::pattern(64 * kib, 5);
  const Buffer wanted(64 * kib, 0xff);
  const std::vector<Range> allowed{{0x1880, 0x1000}};
  const ErasePlan plan = plan_erase(geometry, current, wanted, allowed);
  EXPECT_THAT(plan.preserved, ElementsAre(Range{0x1000, 0x880}, Range{0x2880, 0x780}));
  // 0x1800 and 0x2800 are pages that mix both; the blank ones are not programmed.
  EXPECT_THAT(describe(plan.steps),
              ElementsAre("erase 0x1000+0x1000, program 0x1000+0x800, program 0x1800+0x100",
                          "erase 0x2000+0x1000, program 0x2800+0x100, program 0x2900+0x700"));
  const Write& mixed = plan.steps[0].programs[1];
  EXPECT_TRUE(std::equal(mixed.data.begin(), mixed.data.begin() + 0x80, current.begin() + 0x1800));
  EXPECT_TRUE(all_equal(mixed.data.subspan(0x80), 0xff));
  const ErasePlan copy = plan;
  EXPECT_EQ(copy.steps, plan.steps);
}

TEST(ErasePlan, ErasesAsLittleAsPossibleOutside) {
  // By time one block of 64 KiB would win; it would put 0xc000 foreign bytes at risk.
  const Geometry geometry = nor_geometry(64 * kib);
  const Buffer current = romwright::test::pattern(64 * kib, 5);
  const Buffer wanted(64 * kib, 0xff);
  const std::vector<Range> allowed{{0, 0x4000}};
  const ErasePlan plan = plan_erase(geometry, current, wanted, allowed);
  EXPECT_TRUE(plan.preserved.empty());
  EXPECT_EQ(plan.erased_bytes, 0x4000U);
}

TEST(ErasePlan, LeavesWhatIsClosedOutOfItsBlocks) {
  // By time one block of 64 KiB would win, and of the whole chip one erase.
  const Geometry geometry = nor_geometry(128 * kib);
  const Buffer current = romwright::test::pattern(128 * kib, 5);
  Buffer wanted(128 * kib, 0xff);
  std::copy_n(current.begin() + 0x5000, 0x1000, wanted.begin() + 0x5000);
  const Range whole{0, 128 * kib};
  const std::vector<Range> closed{{0x5000, 0x1000}};
  const ErasePlan plan = plan_erase(geometry, current, wanted, {&whole, 1}, {}, closed);
  EXPECT_EQ(erased_ranges(plan.steps), (std::vector<Range>{{0, 0x5000}, {0x6000, 0x1a000}}));
  EXPECT_EQ(plan.programmed_bytes, 0U);
}

TEST(ErasePlan, TouchesOfWhatIsClosedNoMoreThanItMust) {
  const Geometry geometry = nor_geometry(64 * kib);
  const Buffer current = romwright::test::pattern(64 * kib, 5);
  Buffer wanted = current;
  for (const std::size_t at : {0x8000, 0x9000, 0xa000, 0xb000}) wanted[at] = 0xff;
  const Range whole{0, 64 * kib};
  const std::vector<Range> closed{{0xb000, 0x2000}};
  const ErasePlan plan = plan_erase(geometry, current, wanted, {&whole, 1}, {}, closed);
  EXPECT_EQ(erased_ranges(plan.steps), (std::vector<Range>{{0x8000, 0x4000}}));
}

TEST(ErasePlan, NothingAllowedChangesNothing) {
  const Geometry geometry = nor_geometry(64 * kib);
  EXPECT_TRUE(
      plan_erase(geometry, Buffer(64 * kib, 0x00), romwright::test::pattern(64 * kib, 1), {})
          .empty());
}

TEST(ErasePlan, ErasesSuspectBlocksAgainEvenWhenTheyReadRight) {
  const Geometry geometry = nor_geometry(64 * kib);
  const Buffer content = romwright::test::pattern(64 * kib, 5);
  const Range whole{0, 64 * kib};
  const std::vector<Range> suspect{{0x2100, 0x10}};
  const ErasePlan plan = plan_erase(geometry, content, content, {&whole, 1}, suspect);
  EXPECT_THAT(describe(plan.steps), ElementsAre("erase 0x2000+0x1000, program 0x2000+0x1000"));
}

TEST(ErasePlan, BlocksOfDifferentSizes) {
  // A boot block chip: 8, 8, 16 and 32 KiB at the bottom, 64 KiB above, nothing else.
  Geometry geometry;
  geometry.size = 128 * kib;
  geometry.erase_types = {
      {0xd8, {{8192, 2}, {16384, 1}, {32768, 1}, {65536, 1}}, std::chrono::milliseconds(800)}};
  Buffer current(128 * kib, 0xff);
  current[0x2000] = current[0x9000] = current[0x1ffff] = 0;
  const ErasePlan plan = plan_all(geometry, current, Buffer(128 * kib, 0xff));
  EXPECT_THAT(describe(plan.steps),
              ElementsAre("erase 0x2000+0x2000", "erase 0x8000+0x8000", "erase 0x10000+0x10000"));
  EXPECT_EQ(plan.time, std::chrono::milliseconds(100 + 400 + 800));
}

TEST(ErasePlan, RefusesWhatCannotBeErased) {
  Geometry geometry = nor_geometry(64 * kib);
  geometry.erase_types.clear();
  Buffer current(64 * kib, 0xff);
  current[0x300] = 0;
  try {
    plan_all(geometry, current, Buffer(64 * kib, 0xff));
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), "0x300+0x100: must be erased, and no erase command reaches it");
  }
  EXPECT_THROW(plan_all(geometry, Buffer(1), Buffer(64 * kib)), ImageError);
}

TEST(ErasePlan, ErasedBytesMayBeZero) {
  Geometry geometry = nor_geometry(64 * kib);
  geometry.erased_value = 0;
  Buffer current(64 * kib, 0);
  Buffer wanted(64 * kib, 0);
  wanted[1] = 0x81;
  EXPECT_THAT(describe(plan_all(geometry, current, wanted).steps), ElementsAre("program 0x1+0x1"));
  current[1] = 0x83;
  EXPECT_THAT(describe(plan_all(geometry, current, wanted).steps),
              ElementsAre("erase 0x0+0x1000, program 0x0+0x100"));
}

// Whatever the contents and the allowed ranges: carried out by the rules of flash, the plan leads
// to the wanted content inside and the old one outside.
TEST(ErasePlan, AlwaysLeadsToTheWantedContent) {
  std::mt19937 random(20260131);
  const auto below = [&](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
  };
  VirtualClock clock;
  for (int round = 0; round < 200; ++round) {
    Geometry geometry = nor_geometry(256 * kib);
    geometry.bits_clear_again = below(2) == 0;
    test::FakeFlash flash(geometry, clock);
    Buffer wanted(geometry.size, 0xff);
    for (int i = 0; i < 12; ++i) {
      Buffer& target = below(2) == 0 ? flash.content : wanted;
      const std::size_t at = below(0x40000);
      const std::size_t size = std::min<std::size_t>(below(0x9000), 256 * kib - at);
      for (std::size_t j = 0; j < size; ++j)
        target[at + j] = static_cast<std::uint8_t>(below(4) == 0 ? random() : 0xf0);
    }
    std::vector<Range> allowed;
    for (std::uint32_t i = below(4); i > 0; --i) {
      const std::uint32_t at = below(0x40000);
      allowed.push_back({at, below(0x40001 - at)});
    }
    const Buffer current = flash.content;
    Buffer expected = current;
    for (const Range& range : allowed)
      std::copy_n(wanted.begin() + static_cast<std::ptrdiff_t>(range.offset), range.size,
                  expected.begin() + static_cast<std::ptrdiff_t>(range.offset));
    const ErasePlan plan = plan_erase(geometry, current, wanted, allowed);
    test::Listener listener;
    romwright::Run run{{}, listener};
    flash.apply(
        plan.steps, [](std::size_t) {}, run);
    ASSERT_TRUE(flash.content == expected) << "round " << round;
    ASSERT_EQ(flash.statistics().erased_bytes, plan.erased_bytes);
    ASSERT_EQ(flash.statistics().programmed_bytes, plan.programmed_bytes);
    std::uint64_t outside = 0;
    const std::vector<Range> joined = join(allowed);
    for (const Range& erased : erased_ranges(plan.steps))
      outside += total_size(subtract(erased, joined));
    ASSERT_EQ(total_size(plan.preserved), outside);
  }
}

}  // namespace
}  // namespace romwright::flash
