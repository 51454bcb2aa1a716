// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/flash_device.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using romwright::test::pattern;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t size = 256 * kib;

struct Fixture {
  explicit Fixture(std::uint64_t chip_size = size)
      : flash(test::nor_geometry(chip_size), clock),
        old(pattern(chip_size, 1)),
        image(pattern(chip_size, 2, 11)) {
    flash.content = old;
  }

  WritePlan plan(WriteOptions options = {}) { return device.plan(image, std::move(options), run); }
  WriteReport write(WriteOptions options = {}) {
    const WritePlan planned = plan(std::move(options));
    return device.write(planned, guard, run);
  }
  std::vector<OpenJournal> journals() const { return Journal::list(guard.journal_folder); }
  std::size_t backups() const { return BackupStore(guard.backup_folder).list().size(); }

  romwright::test::TemporaryFolder folder;
  VirtualClock clock;
  test::FakeFlash flash;
  FlashDevice device{flash, clock};
  test::Listener events;
  std::stop_source stop;
  romwright::Run run{stop.get_token(), events};
  Buffer old;
  Buffer image;
  WriteGuard guard{folder / "backups",
                   folder / "journals",
                   {"Winbond W25Q64FV", "ef4017", "sim", "", "2026-01-31T12:00:00Z"},
                   "image.rom"};
};

TEST(FlashDevice, WritesAndVerifies) {
  Fixture fixture;
  const WriteReport report = fixture.write();
  EXPECT_EQ(fixture.flash.content, fixture.image);
  EXPECT_FALSE(report.identical);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.erased_bytes, size);
  EXPECT_EQ(report.programmed_bytes, size);
  EXPECT_EQ(report.verified_bytes, size);
  EXPECT_EQ(report.retries + report.link_errors + report.rewritten_blocks, 0U);
  // Everything is erased, so everything was read twice.
  EXPECT_EQ(report.times.read, fixture.flash.geometry().byte_time * 2 * size);
  EXPECT_EQ(report.times.verify, fixture.flash.geometry().byte_time * size);
  EXPECT_EQ(report.times.erase, 4 * std::chrono::milliseconds(1));
  EXPECT_EQ(report.times.program, 4 * std::chrono::milliseconds(1));
  ASSERT_TRUE(report.backup);
  EXPECT_EQ(BackupStore::content(*report.backup), fixture.old);
  EXPECT_EQ(report.target_sha512, hex_digest(Hash::sha512, fixture.image));
  EXPECT_THAT(fixture.journals(), IsEmpty());
  EXPECT_THAT(fixture.events.phases,
              ElementsAre("reading", "reading again", "writing", "verifying"));
  EXPECT_EQ(fixture.events.last_done, size);
  EXPECT_THAT(fixture.events.warnings, IsEmpty());
}

TEST(FlashDevice, IdenticalContentIsLeftAlone) {
  Fixture fixture;
  fixture.image = fixture.old;
  const WriteReport report = fixture.write();
  EXPECT_TRUE(report.identical);
  EXPECT_FALSE(report.backup);
  EXPECT_EQ(fixture.backups(), 0U);
  EXPECT_THAT(fixture.flash.erases, IsEmpty());
  EXPECT_EQ(fixture.flash.statistics().read_bytes, size);
}

TEST(FlashDevice, OnlyWhatIsErasedIsReadTwice) {
  Fixture fixture;
  fixture.image = fixture.old;
  fixture.image[0x5000] = static_cast<std::uint8_t>(~fixture.image[0x5000]);
  fixture.plan();
  EXPECT_EQ(fixture.flash.statistics().read_bytes, size + 0x1000);
  fixture.plan({.read_twice = true});
  EXPECT_EQ(fixture.flash.statistics().read_bytes, 3 * size + 0x1000);
}

TEST(FlashDevice, OfMuchASampleIsReadAgain) {
  constexpr std::uint64_t large = 4096 * kib;
  Fixture fixture(large);
  fixture.plan();
  EXPECT_EQ(fixture.flash.statistics().read_bytes, large + large / 2);
  // What must be programmed back is read again to the last byte.
  fixture.plan({.allowed = {{0x800, large - 0x1000}}});
  EXPECT_EQ(fixture.flash.statistics().read_bytes, 2 * large + large + 0x800);
}

TEST(FlashDevice, AFlippedBitInTheSampleMakesItTheWhole) {
  constexpr std::uint64_t large = 4096 * kib;
  Fixture fixture(large);
  int reads = 0;
  fixture.flash.on_read = [&](std::uint64_t offset, Bytes into) {
    // One lies in the sample, the other does not.
    if (offset == 0 && ++reads == 1) {
      into[0x20] ^= 0x40;
      into[0x1'0020] ^= 0x40;
    }
  };
  const WriteReport report = fixture.write();
  EXPECT_EQ(report.link_errors, 2U);
  EXPECT_EQ(BackupStore::content(*report.backup), fixture.old);
}

TEST(FlashDevice, TheBackupAndJournalAreThereBeforeTheFirstErase) {
  Fixture fixture;
  bool seen = false;
  fixture.flash.before_step = [&](const FlashStep&) {
    if (seen) return;
    seen = true;
    EXPECT_EQ(fixture.backups(), 1U);
    const std::vector<OpenJournal> open = fixture.journals();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(load(open[0].record.backup), fixture.old);
    EXPECT_EQ(load(open[0].record.target), fixture.image);
    EXPECT_EQ(open[0].record.steps.size(), 4U);
    EXPECT_EQ(open[0].record.image, "image.rom");
  };
  fixture.write();
  EXPECT_TRUE(seen);
}

TEST(FlashDevice, RefusesAnotherSizeAndRangesOutside) {
  Fixture fixture;
  fixture.image.resize(size / 2);
  try {
    fixture.plan();
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), "the image has 128 KiB, the chip 256 KiB");
  }
  fixture.image.resize(size);
  try {
    fixture.plan({.allowed = {{0, size + 1}, {size, 1}}});
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), "0x0+0x40001: lies outside the chip's 256 KiB");
    EXPECT_THAT(error.others(), ElementsAre("0x40000+0x1: lies outside the chip's 256 KiB"));
  }
}

TEST(FlashDevice, NamesEveryProtectedBlock) {
  Fixture fixture;
  fixture.flash.protected_ranges = {{{0x8000, 0x1000}, "PR0", false},
                                    {{0x20000, 0x30000}, "the status register (BP=1)", true}};
  try {
    fixture.plan();
    FAIL();
  } catch (const ProtectedError& error) {
    EXPECT_EQ(error.line(), "0x8000+0x1000: protected by PR0");
    EXPECT_EQ(error.range(), (Range{0x8000, 0x1000}));
    EXPECT_THAT(error.others(),
                ElementsAre("0x20000+0x20000: protected by the status register (BP=1) "
                            "(--unprotect lifts it for the time of the write)"));
  }
  EXPECT_THROW(fixture.plan({.unprotect = true}), ProtectedError);
  fixture.flash.protected_ranges.erase(fixture.flash.protected_ranges.begin());
  EXPECT_NO_THROW(fixture.plan({.unprotect = true}));
  // What is protected and stays as it is, is in nobody's way.
  EXPECT_NO_THROW(fixture.plan({.allowed = {{0, 0x20000}}}));
}

TEST(FlashDevice, NamesWhatAccessDenies) {
  Fixture fixture;
  fixture.flash.on_access = [](Range range) {
    return range.overlaps({0x10000, 0x20000}) ? Access{true, false, "the descriptor forbids it"}
                                              : Access{};
  };
  try {
    fixture.plan();
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), "0x10000+0x10000: the descriptor forbids it");
    EXPECT_THAT(error.others(), ElementsAre("0x20000+0x10000: the descriptor forbids it"));
  }
}

TEST(FlashDevice, WhatCannotBeReadIsLeftAlone) {
  Fixture fixture;
  fixture.flash.on_access = [](Range range) {
    return range.overlaps({0x10000, 0x10000}) ? Access{false, false, "ME region"} : Access{};
  };
  fixture.flash.on_read = [](std::uint64_t offset, Bytes into) {
    EXPECT_FALSE((Range{offset, into.size()}.overlaps({0x10000, 0x10000})));
  };
  try {
    fixture.plan();
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(),
              "0x10000+0x10000: cannot be read: ME region (limit the write to other regions)");
  }
  const WriteReport report = fixture.write({.allowed = {{0, 0x10000}, {0x20000, 0x20000}}});
  EXPECT_EQ(report.verified_bytes, 0x30000U);
  EXPECT_TRUE(std::equal(fixture.old.begin() + 0x10000, fixture.old.begin() + 0x20000,
                         fixture.flash.content.begin() + 0x10000));
  EXPECT_TRUE(std::equal(fixture.image.begin() + 0x20000, fixture.image.end(),
                         fixture.flash.content.begin() + 0x20000));
}

TEST(FlashDevice, AFlippedBitIsNotPreserved) {
  Fixture fixture;
  int reads = 0;
  fixture.flash.on_read = [&](std::uint64_t offset, Bytes into) {
    if (offset == 0 && ++reads == 1) into[0x1010] ^= 0x40;
  };
  const WriteReport report = fixture.write({.allowed = {{0x1800, 0x800}}});
  EXPECT_EQ(fixture.flash.content[0x1010], fixture.old[0x1010]);
  EXPECT_TRUE(std::equal(fixture.image.begin() + 0x1800, fixture.image.begin() + 0x2000,
                         fixture.flash.content.begin() + 0x1800));
  EXPECT_EQ(report.link_errors, 1U);
  EXPECT_EQ(BackupStore::content(*report.backup), fixture.old);
}

TEST(FlashDevice, ALinkThatNeverAgreesIsAnError) {
  Fixture fixture;
  std::uint8_t noise = 0;
  fixture.flash.on_read = [&](std::uint64_t, Bytes into) { into[0x77] = ++noise; };
  try {
    fixture.plan({.read_twice = true});
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_EQ(error.line(),
              "offset 0x77: reads differently every time (check the clip and the wires, or lower "
              "the clock)");
  }
}

TEST(FlashDevice, AFlippedBitAtTheVerificationIsTheLinks) {
  Fixture fixture;
  bool flip = false;
  fixture.flash.after_step = [&](const FlashStep&) { flip = true; };
  fixture.flash.on_read = [&](std::uint64_t, Bytes into) {
    if (std::exchange(flip, false)) into[0x23456] ^= 1;
  };
  const WriteReport report = fixture.write();
  EXPECT_EQ(report.link_errors, 1U);
  EXPECT_EQ(report.rewritten_blocks, 0U);
  EXPECT_EQ(report.erased_bytes, size);
  EXPECT_THAT(fixture.events.warnings,
              ElementsAre("0x23000+0x1000: read wrong once and right the second time: the link is "
                          "unreliable"));
}

TEST(FlashDevice, AnIgnoredEraseIsRepairedInItsBlock) {
  Fixture fixture;
  bool once = true;
  Buffer before;
  fixture.flash.before_step = [&](const FlashStep&) { before = fixture.flash.content; };
  fixture.flash.after_step = [&](const FlashStep& step) {
    if (!step.erase || step.erase->range.offset != 0x10000 || !std::exchange(once, false)) return;
    for (std::size_t i = 0x10000; i < 0x20000; ++i) fixture.flash.content[i] &= before[i];
  };
  const WriteReport report = fixture.write({.verify = Verify::written});
  EXPECT_EQ(fixture.flash.content, fixture.image);
  EXPECT_EQ(report.rewritten_blocks, 16U);  // sectors of 4 KiB
  EXPECT_EQ(report.erased_bytes, size + 0x10000);
  // Any anomaly makes the verification a full one.
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.verified_bytes, size);
}

TEST(FlashDevice, AStuckBitIsNamedAndTheRestIsRight) {
  Fixture fixture;
  fixture.image[0x1234] = 0xff;
  fixture.image[0x31234] = 0xff;
  fixture.flash.after_step = [&](const FlashStep&) {
    fixture.flash.content[0x1234] &= 0xfb;
    fixture.flash.content[0x31234] &= 0xfe;
  };
  try {
    fixture.write();
    FAIL();
  } catch (const ChangedError& error) {
    EXPECT_STREQ(error.what(), "offset 0x1234: expected 0xff, read 0xfb");
    EXPECT_EQ(error.hint(), "journal " + fixture.journals()[0].path.string() +
                                ": `romwright resume` finishes the write, `romwright rollback` "
                                "restores the content");
    EXPECT_THAT(error.others(), ElementsAre("offset 0x31234: expected 0xff, read 0xfe"));
  }
  Buffer expected = fixture.image;
  expected[0x1234] = 0xfb;
  expected[0x31234] = 0xfe;
  EXPECT_EQ(fixture.flash.content, expected);
  // Four blocks, and three attempts at each of the two sectors: never a larger erase.
  ASSERT_EQ(fixture.flash.erases.size(), 10U);
  for (std::size_t i = 4; i < 10; ++i)
    EXPECT_EQ(fixture.flash.erases[i].range, (Range{i < 7 ? 0x1000U : 0x31000U, 0x1000}));
  EXPECT_THAT(fixture.journals()[0].again.size(), 6U);
}

TEST(FlashDevice, VerifyWrittenReadsBackWhatWasWritten) {
  Fixture fixture;
  fixture.image = fixture.old;
  fixture.image[0x5000] = 0xff;
  WriteReport report = fixture.write({.verify = Verify::written});
  EXPECT_FALSE(report.verified_full);
  EXPECT_EQ(report.verified_bytes, 0x1000U);
  fixture.image[0x5000] = 0x3f;
  fixture.flash.after_step = [&](const FlashStep&) { fixture.flash.retries = 1; };
  report = fixture.write({.verify = Verify::written});
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.verified_bytes, size);
  EXPECT_EQ(report.retries, 1U);
}

TEST(FlashDevice, AWrongFirstReadingElsewhereErasesNothing) {
  Fixture fixture;
  int reads = 0;
  fixture.flash.on_read = [&](std::uint64_t offset, Bytes into) {
    if (offset == 0 && into.size() == size && ++reads == 1) into[0x30000] ^= 1;
  };
  const WriteReport report = fixture.write({.allowed = {{0, 0x10000}}});
  EXPECT_EQ(fixture.flash.content[0x30000], fixture.old[0x30000]);
  EXPECT_EQ(fixture.flash.erases.size(), 1U);
  EXPECT_EQ(report.link_errors, 1U);
  EXPECT_EQ(report.rewritten_blocks, 0U);
}

TEST(FlashDevice, AStopBeforeTheWriteChangesNothing) {
  Fixture fixture;
  const WritePlan plan = fixture.plan();
  fixture.stop.request_stop();
  try {
    fixture.device.write(plan, fixture.guard, fixture.run);
    FAIL();
  } catch (const InterruptedError& error) {
    EXPECT_EQ(error.line(), "stopped before anything was changed");
  }
  EXPECT_THAT(fixture.flash.erases, IsEmpty());
  EXPECT_THAT(fixture.journals(), IsEmpty());
}

/// Stops the write behind its second step, and lets a new process go on.
class Interrupted : public ::testing::TestWithParam<Recovery> {
 protected:
  void interrupt(bool broken) {
    std::size_t steps = 0;
    fixture.flash.after_step = [&](const FlashStep& step) {
      if (++steps == 2 && !broken) fixture.stop.request_stop();
      if (steps == 3) {
        // The cable is pulled while the block is half programmed.
        const Range range = step.erase->range;
        const auto from = fixture.flash.content.begin() + static_cast<std::ptrdiff_t>(range.offset);
        std::fill(from + 0x8000, from + 0x10000, std::uint8_t{0xff});
        throw DeviceError("the programmer is gone");
      }
    };
    fixture.write();
  }
  void recover() {
    fixture.flash.after_step = [](const FlashStep&) {};
    fixture.flash.erases.clear();
    const std::vector<OpenJournal> open = fixture.journals();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].finished, 2U);
    std::stop_source fresh;
    romwright::Run run{fresh.get_token(), fixture.events};
    const WritePlan plan = fixture.device.plan_recovery(open[0], GetParam(), {}, run);
    const WriteReport report = fixture.device.write(plan, fixture.guard, run);
    EXPECT_FALSE(report.backup);
    EXPECT_EQ(fixture.flash.content, GetParam() == Recovery::finish ? fixture.image : fixture.old);
    EXPECT_THAT(fixture.journals(), IsEmpty());
    EXPECT_EQ(fixture.backups(), 1U);
    // The block that may have been in flight is erased again, whatever it reads as.
    bool again = false;
    for (const Erase& erase : fixture.flash.erases) again |= erase.range.contains(0x20000);
    EXPECT_TRUE(again);
  }
  Fixture fixture;
};

TEST_P(Interrupted, ByAStop) {
  try {
    interrupt(false);
    FAIL();
  } catch (const InterruptedError& error) {
    EXPECT_EQ(error.signal(), SIGINT);
    EXPECT_THAT(error.hint(), HasSubstr(fixture.journals()[0].path.string()));
  }
  EXPECT_TRUE(std::equal(fixture.image.begin(), fixture.image.begin() + 0x20000,
                         fixture.flash.content.begin()));
  EXPECT_TRUE(std::equal(fixture.old.begin() + 0x20000, fixture.old.end(),
                         fixture.flash.content.begin() + 0x20000));
  recover();
}

TEST_P(Interrupted, ByAPulledCable) {
  try {
    interrupt(true);
    FAIL();
  } catch (const ChangedError& error) {
    EXPECT_STREQ(error.what(), "the programmer is gone");
    EXPECT_THAT(error.hint(), HasSubstr(fixture.journals()[0].path.string()));
  }
  recover();
}

TEST_P(Interrupted, NeedsTheFilesThatItsJournalNames) {
  EXPECT_THROW(interrupt(true), ChangedError);
  const OpenJournal open = fixture.journals()[0];
  romwright::test::write_file(open.record.backup.path, pattern(size, 99));
  EXPECT_THROW(fixture.device.plan_recovery(open, GetParam(), {}, fixture.run), ImageError);
}

INSTANTIATE_TEST_SUITE_P(Ways, Interrupted, ::testing::Values(Recovery::finish, Recovery::undo),
                         [](const auto& way) {
                           return way.param == Recovery::finish ? "Finish" : "Undo";
                         });

TEST(FlashDevice, Verify) {
  Fixture fixture;
  EXPECT_EQ(fixture.device.verify(fixture.old, {}, fixture.run), size);
  const std::vector<Range> some{{0x1000, 0x100}, {0x1080, 0x100}};
  EXPECT_EQ(fixture.device.verify(fixture.old, some, fixture.run), 0x180U);
  Buffer other = fixture.old;
  other[0x1100] ^= 0xff;
  other[0x20000] ^= 0xff;
  try {
    fixture.device.verify(other, {}, fixture.run);
    FAIL();
  } catch (const VerifyError& error) {
    EXPECT_EQ(error.offset(), 0x1100U);
    EXPECT_EQ(error.expected(), other[0x1100]);
    EXPECT_EQ(error.actual(), fixture.old[0x1100]);
    EXPECT_EQ(error.others().size(), 1U);
  }
  EXPECT_THROW(fixture.device.verify(other, some, fixture.run), VerifyError);
}

TEST(FlashDevice, Read) {
  Fixture fixture;
  EXPECT_EQ(fixture.device.read(true, fixture.run), fixture.old);
  EXPECT_EQ(fixture.flash.statistics().read_bytes, 2 * size);
  fixture.stop.request_stop();
  EXPECT_THROW(fixture.device.read(false, fixture.run), InterruptedError);
}

}  // namespace
}  // namespace romwright::flash
