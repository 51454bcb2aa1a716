// SPDX-License-Identifier: GPL-2.0-or-later
// The two stages of a ThinkPad X60, over a modelled ICH7.
#include "toolkit/pipeline/boot_block_swap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/engine/on_pch.h"

namespace romwright::pipeline {
namespace {

using flash::scenario::OnPch;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint64_t block = 0x10000;
constexpr Range below{0xe0000, block}, top{0xf0000, block};

/// As Lenovo's firmware leaves it: PBR0 over the top, locked until reset.
flash::PchSettings vendor_firmware() {
  flash::PchSettings made{.kind = flash::PchKind::ich7, .locked = true};
  made.menu = {{0x01, 0x02, 0x03, 0x05, 0x20, 0x9f, 0xd8, 0x0b}};
  made.menu_types = 0b10'11'00'11'00'10'11'01;
  made.preops = 0x5006;
  made.pr[0] = 0x800ff0f0;
  return made;
}

/// Coreboot's: nothing below the boot block.
Buffer new_image() {
  Buffer image = flash::scenario::random_bytes(0x100000, 5);
  std::fill_n(image.begin() + below.offset, block, std::uint8_t{0xff});
  return image;
}

StagedWrite planned(OnPch& pch, const Buffer& image) {
  return plan_boot_block_swap(pch.flash(), pch.programmer->top_swap(), block, image, pch.run);
}

void carry_out(OnPch& pch, const StagedWrite& staged) {
  flash::WriteOptions options;
  options.allowed = staged.allowed;
  flash::WriteGuard guard = pch.bench.guard;
  guard.conclusion = conclusion(staged.stage);
  guard.conclude = [&] { pch.programmer->top_swap()->set(staged.stage == SwapStage::first); };
  const flash::WritePlan plan = pch.device->plan(staged.target, options, pch.run);
  EXPECT_TRUE(pch.device->write(plan, guard, pch.run).verified_full);
}

std::string refusal(OnPch& pch, const Buffer& image) {
  try {
    (void)planned(pch, image);
  } catch (const RefusedError& error) {
    return error.what();
  }
  return {};
}

Buffer part(const Buffer& content, Range range) {
  const ConstBytes bytes = slice(ConstBytes(content), range, "content");
  return {bytes.begin(), bytes.end()};
}

TEST(BootBlockSwap, TwoStagesAndAnOrdinaryWrite) {
  const Buffer image = new_image();
  Buffer content;
  {
    OnPch pch(vendor_firmware());
    pch.open();
    const Buffer old_top = part(pch.content, top);
    const StagedWrite staged = planned(pch, image);
    ASSERT_EQ(staged.stage, SwapStage::first);
    EXPECT_THAT(staged.allowed, ElementsAre(Range{0, 0xf0000}));
    EXPECT_THAT(staged.plan, SizeIs(4));
    EXPECT_EQ(staged.plan[0], "the firmware locks 0xf0000+0x10000: stage 1 of 2");
    EXPECT_FALSE(pch.model->top_swap());
    carry_out(pch, staged);
    EXPECT_TRUE(pch.model->top_swap());
    EXPECT_EQ(part(pch.content, top), old_top);
    EXPECT_EQ(part(pch.content, below), part(image, top));
    EXPECT_EQ(part(pch.content, {0, below.offset}), part(image, {0, below.offset}));
    EXPECT_THAT(refusal(pch, image), HasSubstr("still runs the firmware that locked it"));
    pch.close();
    EXPECT_TRUE(pch.model->top_swap());
    content = pch.content;
  }
  // Off and on: coreboot runs from the copy, and locks nothing.
  OnPch pch({.kind = flash::PchKind::ich7, .top_swap = true});
  pch.content = content;
  pch.open();
  const StagedWrite staged = planned(pch, image);
  ASSERT_EQ(staged.stage, SwapStage::second);
  EXPECT_THAT(staged.allowed, ElementsAre(top));
  carry_out(pch, staged);
  EXPECT_FALSE(pch.model->top_swap());
  EXPECT_EQ(part(pch.content, top), part(image, top));
  EXPECT_EQ(part(pch.content, below), part(image, top));
  EXPECT_EQ(planned(pch, image).stage, SwapStage::none);
  pch.write(image);
  EXPECT_EQ(pch.content, image);
}

TEST(BootBlockSwap, AStageThatWasInterruptedIsInTheJournal) {
  OnPch pch(vendor_firmware());
  pch.open();
  const StagedWrite staged = planned(pch, new_image());
  flash::WriteOptions options;
  options.allowed = staged.allowed;
  flash::WriteGuard guard = pch.bench.guard;
  guard.conclusion = conclusion(staged.stage);
  guard.conclude = [] { throw DeviceError("BUC.TS does not let itself be set"); };
  const flash::WritePlan plan = pch.device->plan(staged.target, options, pch.run);
  EXPECT_THROW(pch.device->write(plan, guard, pch.run), Error);
  const auto open = flash::Journal::list(guard.journal_folder);
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(stage_that_ends(open[0].record.conclusion), SwapStage::first);
  // Finishing it writes nothing, and concludes the stage.
  const flash::WritePlan rest =
      pch.device->plan_recovery(open[0], flash::Recovery::finish, {}, pch.run);
  EXPECT_TRUE(rest.identical());
  guard.conclude = [&] { pch.programmer->top_swap()->set(true); };
  EXPECT_TRUE(pch.device->write(rest, guard, pch.run).identical);
  EXPECT_TRUE(pch.model->top_swap());
  EXPECT_THAT(flash::Journal::list(guard.journal_folder), SizeIs(0));
}

TEST(BootBlockSwap, WhereTopSwapIsLockedNothingIsBegun) {
  flash::PchSettings settings = vendor_firmware();
  settings.interface_locked = true;
  OnPch pch(settings);
  pch.open();
  EXPECT_EQ(refusal(pch, new_image()),
            "the firmware locks 0xf0000+0x10000, and top swap too (BILD is 1)");
  EXPECT_EQ(pch.erases(), 0U);
}

TEST(BootBlockSwap, AnImageThatUsesTheRoomIsRefused) {
  OnPch pch(vendor_firmware());
  pch.open();
  Buffer image = new_image();
  image[below.offset + 7] = 0;
  EXPECT_EQ(refusal(pch, image),
            "0xe0000+0x10000: the image uses what the copy of its boot block needs");
}

TEST(BootBlockSwap, OtherMachinesAndOpenChipsAreWrittenAsUsual) {
  OnPch open_chip({.kind = flash::PchKind::ich7});
  open_chip.open();
  EXPECT_EQ(planned(open_chip, new_image()).stage, SwapStage::none);
  OnPch pch(vendor_firmware());
  pch.open();
  EXPECT_EQ(
      plan_boot_block_swap(pch.flash(), pch.programmer->top_swap(), {}, new_image(), pch.run).stage,
      SwapStage::none);
  EXPECT_EQ(plan_boot_block_swap(pch.flash(), nullptr, block, new_image(), pch.run).stage,
            SwapStage::none);
  // What differs below the lock only needs no stage.
  Buffer image = pch.content;
  image[0] ^= 0xff;
  EXPECT_EQ(planned(pch, image).stage, SwapStage::none);
}

}  // namespace
}  // namespace romwright::pipeline
