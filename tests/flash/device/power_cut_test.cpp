// SPDX-License-Identifier: GPL-2.0-or-later
// The power is cut in every program and every erase of a small write: afterwards `resume` leads to
// exactly the new content, `rollback` to exactly the old one.
#include <array>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/device/flash_device.h"
#include "flash/device/spi_nor.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/flash/device/fake_nor.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

constexpr std::size_t chip_size = 0x20000;
constexpr std::array erases{ChipErase{0x20, 0x1000}, ChipErase{0xd8, 0x10000}};

struct Campaign {
  Campaign() {
    std::mt19937 random(3);
    old.resize(chip_size);
    for (std::uint8_t& byte : old) byte = static_cast<std::uint8_t>(random());
    std::fill_n(old.begin() + 0x4000, 0x1000, std::uint8_t{0xff});
    image = old;
    // A sector that is erased, one that becomes blank, one that was blank, and bits that only
    // clear.
    for (std::size_t i = 0; i < 0x400; ++i) image[0x1000 + i] = static_cast<std::uint8_t>(random());
    std::fill_n(image.begin() + 0x2000, 0x1000, std::uint8_t{0xff});
    std::copy_n(old.begin() + 0x1800, 0x200, image.begin() + 0x4100);
    image[0x8010] &= 0x0f;
  }
  static Chip chip() {
    Chip chip;
    chip.vendor = "Maker";
    chip.name = "M25X";
    chip.size = chip_size;
    chip.erases = erases;
    return chip;
  }

  /// Writes with a cut in change `cut_at`, then recovers, in `cuts` more attempts that are cut in
  /// their first change. False when the write has no such change.
  bool run(std::size_t cut_at, bool streams, Recovery recovery, int cuts) {
    const romwright::test::TemporaryFolder folder;
    const WriteGuard guard{folder / "b", folder / "j", {"c", "i", "p", "", "d"}, ""};
    test::FakeNor nor(chip_size);
    nor.limits_.streams = streams;
    nor.content = old;
    nor.cut_at = cut_at;
    test::Listener events;
    romwright::Run run{{}, events};
    try {
      SpiNor flash(nor, OwnedChip(chip()));
      FlashDevice device(flash, nor.time);
      const WritePlan plan = device.plan(image, {}, run);
      device.write(plan, guard, run);
      EXPECT_EQ(nor.content, image);
      return false;
    } catch (const ChangedError& error) {
      EXPECT_STREQ(error.what(), "the link is gone");
    }
    for (;; --cuts) {
      // Plugged in again, by another process.
      test::FakeNor again(chip_size);
      again.limits_.streams = streams;
      again.content = nor.content;
      again.cut_at = cuts > 0 ? 0 : SIZE_MAX;
      const std::vector<OpenJournal> open = Journal::list(guard.journal_folder);
      EXPECT_EQ(open.size(), 1U);
      try {
        SpiNor flash(again, OwnedChip(chip()));
        FlashDevice device(flash, again.time);
        const WritePlan plan = device.plan_recovery(open.at(0), recovery, {}, run);
        device.write(plan, guard, run);
      } catch (const ChangedError&) {
        EXPECT_GT(cuts, 0);
      }
      nor.content = again.content;
      if (cuts <= 0) break;
    }
    EXPECT_EQ(nor.content, recovery == Recovery::finish ? image : old) << "cut at " << cut_at;
    EXPECT_TRUE(Journal::list(guard.journal_folder).empty());
    EXPECT_EQ(BackupStore(guard.backup_folder).list().size(), 1U);
    return true;
  }

  Buffer old;
  Buffer image;
};

class PowerCut : public ::testing::TestWithParam<std::tuple<bool, Recovery, int>> {};

TEST_P(PowerCut, InEveryProgramAndErase) {
  const auto [streams, recovery, cuts] = GetParam();
  Campaign campaign;
  std::size_t changes = 0;
  while (campaign.run(changes, streams, recovery, cuts)) ++changes;
  EXPECT_GE(changes, 2U + 16 + 2 + 1);
}

INSTANTIATE_TEST_SUITE_P(Ways, PowerCut,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(Recovery::finish, Recovery::undo),
                                            ::testing::Values(0, 2)));

}  // namespace
}  // namespace romwright::flash
