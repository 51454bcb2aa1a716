// SPDX-License-Identifier: GPL-2.0-or-later
// A machine whose firmware locks the top 64 KiB, written by the program: stage 1, off and on, stage
// 2; with the power cut in either.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_image.h"

namespace romwright {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t size = 0x100000, block = 0x10000;
constexpr std::size_t top = size - block, below = top - block;

const std::vector<std::string> stage_1{
    "the firmware locks 0xf0000+0x10000: stage 1 of 2",
    "1. the boot block is copied to 0xe0000+0x10000, everything below 0xf0000+0x10000 is written "
    "and verified",
    "2. BUC.TS is set: the machine boots from the copy",
    "3. switch the machine off, and on again (no restart), and run the same command: stage 2"};
const std::vector<std::string> stage_2{
    "top swap is set, and 0xf0000+0x10000 is open: stage 2 of 2",
    "1. 0xf0000+0x10000 is written and verified",
    "2. BUC.TS is cleared: the machine boots from the top again",
    "3. everything else is made equal to the image, the copy at 0xe0000+0x10000 goes"};

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& line : all) text += line + "\n";
  return text;
}

/// A board of 1 MiB, its image, and a chip with the vendor's firmware.
class TwoStages : public ::testing::Test {
 protected:
  TwoStages() {
    image = test::sample_content(size, 5);
    std::fill_n(image.begin() + below, block, std::uint8_t{0xff});
    old = test::sample_content(size, 9);
    place.write("old_laptop.rom", image);
    place.write("chip", old);
    place.write("manifests/layouts/sample/old_laptop.yaml",
                "board: old_laptop\n"
                "title: A board for demonstrations (1 MiB)\n"
                "image:\n"
                "  size: 1MiB\n"
                "chips:\n"
                "  - {name: flash, size: 1MiB}\n"
                "internal:\n"
                "  from_vendor_firmware: with_notes\n"
                "  boot_block_swap: 64KiB\n");
  }
  [[nodiscard]] std::string machine(const std::string& more) const {
    return "sim_intel:chipset=ich7,chip=W25Q80BV,image=" + place.path("chip") + more;
  }
  /// As the vendor's firmware leaves it, and as coreboot does.
  [[nodiscard]] std::string vendor(const std::string& more = {}) const {
    return machine(",locked=yes,protect=0xf0000+0x10000" + more);
  }
  [[nodiscard]] std::vector<std::string> flash(const std::string& programmer,
                                               std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"flash",       place.path("old_laptop.rom"),
                                 "--board",     "old_laptop",
                                 "--manifests", place.path("manifests"),
                                 "--mac",       "keep",
                                 "-p",          programmer};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] bool top_swap() const { return place.has("chip.top_swap"); }
  [[nodiscard]] static Buffer part(const Buffer& of, std::size_t from, std::size_t count) {
    const auto at = of.begin() + static_cast<std::ptrdiff_t>(from);
    return {at, at + static_cast<std::ptrdiff_t>(count)};
  }
  void expect_after_stage_1() const {
    const Buffer chip = place.read("chip");
    EXPECT_TRUE(part(chip, 0, below) == part(image, 0, below));
    EXPECT_TRUE(part(chip, below, block) == part(image, top, block));
    EXPECT_TRUE(part(chip, top, block) == part(old, top, block));
    EXPECT_TRUE(top_swap());
  }
  void expect_done() const {
    EXPECT_TRUE(place.read("chip") == image);
    EXPECT_FALSE(top_swap());
  }

  test::Workplace place;
  Buffer image, old;
};

TEST_F(TwoStages, ShownFirstAndDoneWithLeave) {
  const auto planned = place(flash(vendor(), {"--dry-run"}));
  EXPECT_EQ(planned.status, 0) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr(lines(stage_1)));
  EXPECT_TRUE(place.read("chip") == old);

  const auto no_leave = place(flash(vendor()));
  EXPECT_EQ(no_leave.status, 6);
  EXPECT_THAT(no_leave.err, HasSubstr("the stage was not begun: nothing was changed (--yes gives "
                                      "leave to carry it out)"));
  EXPECT_TRUE(place.read("chip") == old);
  EXPECT_FALSE(top_swap());

  const auto first = place(flash(vendor(), {"--yes"}));
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr(lines(stage_1)), HasSubstr("VERIFIED SIMULATED"),
                               HasSubstr("stage 1 is done: switch the machine off, and on again")));
  expect_after_stage_1();

  const auto too_early = place(flash(vendor(), {"--yes"}));
  EXPECT_EQ(too_early.status, 6);
  EXPECT_THAT(too_early.err, HasSubstr("top swap is set, and 0xf0000+0x10000 is locked: the "
                                       "machine still runs the firmware that locked it"));
  expect_after_stage_1();

  const auto second = place(flash(machine(""), {"--yes"}));
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.out, AllOf(HasSubstr(lines(stage_2)), HasSubstr("stage 2 is done")));
  expect_done();
  EXPECT_THAT(place(flash(machine(""))).out, HasSubstr("chip content is identical to the image"));
}

TEST_F(TwoStages, WriteKnowsThemToo) {
  const auto write = [&](const std::string& programmer, const std::string& more) {
    return place({"write", place.path("old_laptop.rom"), "--board", "old_laptop", "--manifests",
                  place.path("manifests"), "-p", programmer, more});
  };
  EXPECT_THAT(write(vendor(), "--dry-run").out, HasSubstr(lines(stage_1)));
  EXPECT_EQ(write(vendor(), "--yes").status, 0);
  expect_after_stage_1();
  EXPECT_EQ(write(machine(""), "--yes").status, 0);
  expect_done();
}

/// The CMOS battery was taken out between the stages.
TEST_F(TwoStages, TheBitIsSetAgainWhereItWasLost) {
  EXPECT_EQ(place(flash(vendor(), {"--yes"})).status, 0);
  std::filesystem::remove(place.path("chip.top_swap"));
  const auto again = place(flash(vendor(), {"--yes"}));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("stage 1 is done"));
  expect_after_stage_1();
}

TEST_F(TwoStages, DoctorTellsOfThem) {
  const auto doctor = [&](const std::string& programmer) {
    return place({"doctor", "--board", "old_laptop", "--manifests", place.path("manifests"), "-p",
                  programmer});
  };
  const auto locked = doctor(vendor());
  EXPECT_EQ(locked.status, 0) << locked.out;
  EXPECT_THAT(
      locked.out,
      AllOf(HasSubstr("warning  protected_range_PBR0: PBR0 forbids to write 0xf0000+0x10000, "
                      "locked until reset\n         see two_stages\n"),
            HasSubstr("warning  two_stages: the firmware locks 0xf0000+0x10000: a write "
                      "goes round it in two stages\n")));
  const auto hopeless = doctor(vendor(",bild=yes"));
  EXPECT_EQ(hopeless.status, 6);
  EXPECT_THAT(hopeless.out,
              AllOf(HasSubstr("problem  protected_range_PBR0: "),
                    HasSubstr("problem  two_stages: the firmware locks 0xf0000+0x10000, and top "
                              "swap too (BILD is 1)\n         use an external programmer\n")));
  EXPECT_EQ(place(flash(vendor(), {"--yes"})).status, 0);
  EXPECT_THAT(doctor(vendor()).out, HasSubstr("problem  two_stages: top swap is set, and "
                                              "0xf0000+0x10000 is locked"));
  const auto open = doctor(machine(""));
  EXPECT_EQ(open.status, 0) << open.out;
  EXPECT_THAT(open.out, HasSubstr("warning  two_stages: top swap is set, and 0xf0000+0x10000 is "
                                  "open: stage 2 of 2 is left\n"));
  EXPECT_TRUE(top_swap());  // nothing was changed
}

TEST_F(TwoStages, AsJson) {
  const auto planned = place.json(flash(vendor(), {"--dry-run"}));
  EXPECT_EQ(planned["result"], "planned");
  EXPECT_EQ(planned["stage"], 1);
  EXPECT_EQ(planned["plan"], nlohmann::json(stage_1));
  const auto first = place.json(flash(vendor(), {"--yes"}));
  EXPECT_EQ(first["result"], "written");
  EXPECT_EQ(first["stage"], 1);
  const auto second = place.json(flash(machine(""), {"--yes"}));
  EXPECT_EQ(second["result"], "written");
  EXPECT_EQ(second["stage"], 2);
  EXPECT_EQ(second["plan"], nlohmann::json(stage_2));
  expect_done();
}

TEST_F(TwoStages, WithTopSwapLockedNothingIsBegun) {
  const auto refused = place(flash(vendor(",bild=yes"), {"--yes"}));
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err,
              HasSubstr("the firmware locks 0xf0000+0x10000, and top swap too (BILD is 1)"));
  EXPECT_TRUE(place.read("chip") == old);
  EXPECT_FALSE(place.has("state/romwright/journals"));
}

TEST_F(TwoStages, InterruptedInTheFirstAndResumed) {
  const auto cut = place(flash(vendor(",cut_erase=5"), {"--yes"}));
  EXPECT_EQ(cut.status, 7) << cut.err;
  EXPECT_FALSE(top_swap());
  const auto resumed = place({"resume", "-p", vendor()});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("stage 1 is done: switch the machine off, and on again"));
  expect_after_stage_1();
  EXPECT_EQ(place(flash(machine(""), {"--yes"})).status, 0);
  expect_done();
}

TEST_F(TwoStages, InterruptedInTheFirstAndRolledBack) {
  EXPECT_EQ(place(flash(vendor(",cut_program=500"), {"--yes"})).status, 7);
  const auto back = place({"rollback", "-p", vendor()});
  EXPECT_EQ(back.status, 0) << back.err;
  EXPECT_THAT(back.out, HasSubstr("stage 1 is undone: the machine boots from the top block"));
  EXPECT_TRUE(place.read("chip") == old);
  EXPECT_FALSE(top_swap());
}

TEST_F(TwoStages, InterruptedInTheSecondAndResumed) {
  EXPECT_EQ(place(flash(vendor(), {"--yes"})).status, 0);
  EXPECT_EQ(place(flash(machine(",cut_program=9"), {"--yes"})).status, 7);
  EXPECT_TRUE(top_swap());  // the machine still boots from the copy
  EXPECT_TRUE(part(place.read("chip"), below, block) == part(image, top, block));
  const auto resumed = place({"resume", "-p", machine("")});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("run the command of stage 1 again, which removes the copy"));
  EXPECT_FALSE(top_swap());
  EXPECT_TRUE(part(place.read("chip"), top, block) == part(image, top, block));
  EXPECT_EQ(place(flash(machine(""))).status, 0);
  expect_done();
}

TEST_F(TwoStages, InterruptedInTheSecondAndRolledBack) {
  EXPECT_EQ(place(flash(vendor(), {"--yes"})).status, 0);
  EXPECT_EQ(place(flash(machine(",cut_erase=1"), {"--yes"})).status, 7);
  const auto back = place({"rollback", "-p", machine("")});
  EXPECT_EQ(back.status, 0) << back.err;
  EXPECT_THAT(back.out, HasSubstr("stage 2 is undone: the machine boots from the copy"));
  expect_after_stage_1();
}

TEST_F(TwoStages, TheJournalIsOfAMachineWithTopSwap) {
  EXPECT_EQ(place(flash(vendor(",cut_erase=5"), {"--yes"})).status, 7);
  const auto elsewhere = place({"resume", "-p", "sim:chip=W25Q80BV,image=" + place.path("chip")});
  EXPECT_EQ(elsewhere.status, 5);
  EXPECT_THAT(elsewhere.err, HasSubstr("the write is one of two stages, which need this machine's "
                                       "top swap (-p internal, on the machine itself)"));
}

}  // namespace
}  // namespace romwright
