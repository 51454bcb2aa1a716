// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/journal.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using romwright::test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

JournalRecord record(std::string date = "2026-01-31T12:00:00Z") {
  JournalRecord record;
  record.chip = "Winbond W25Q64FV";
  record.id = "ef4017";
  record.programmer = "sim";
  record.board = "x230_12mb";
  record.date = std::move(date);
  record.size = 0x4000;
  record.backup = {"/backups/old.rom", std::string(128, 'a')};
  record.image = "seabios.rom";
  record.allowed = {{0, 0x4000}};
  record.steps = {{0, 0x1000}, {0x1000, 0x1000}, {0x3000, 0x1000}};
  record.erased_bytes = 0x3000;
  record.programmed_bytes = 0x2f00;
  record.conclusion = "top swap is set";
  return record;
}

JournalFile backup() { return record().backup; }

TEST(Journal, TellsWhatIsUnderWay) {
  const TemporaryFolder folder;
  const Buffer target = romwright::test::pattern(0x4000, 2);
  Journal journal = Journal::begin(folder / "journals", record(), target, backup);
  journal.progress(1);
  journal.progress(2);
  journal.rewriting({0x3000, 0x1000});
  const std::vector<OpenJournal> open = Journal::list(folder / "journals");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].path, journal.path());
  EXPECT_EQ(open[0].finished, 2U);
  EXPECT_THAT(open[0].again, ElementsAre(Range{0x3000, 0x1000}));
  JournalRecord expected = record();
  expected.target = {open[0].record.target.path, hex_digest(Hash::sha512, target)};
  EXPECT_EQ(open[0].record, expected);
  EXPECT_EQ(load(open[0].record.target), target);
  journal.finish();
  EXPECT_TRUE(std::filesystem::is_empty(folder / "journals"));
}

TEST(Journal, TheSameImageOnTwoProgrammersInOneSecond) {
  const TemporaryFolder folder;
  JournalRecord other = record();
  other.programmer = "serprog:dev=/dev/ttyACM1";
  Journal one = Journal::begin(folder.path(), record(), Buffer(0x4000), backup);
  const Journal two = Journal::begin(folder.path(), other, Buffer(0x4000), backup);
  EXPECT_NE(one.path(), two.path());
  one.finish();
  const std::vector<OpenJournal> open = Journal::list(folder.path());
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(load(open[0].record.target), Buffer(0x4000));
}

TEST(Journal, SuspectsWhatMayHaveBeenInFlight) {
  OpenJournal open;
  open.record = record();
  open.finished = 1;
  const Buffer before(0x4000, 0x11);
  Buffer now = before;
  // The step behind the finished ones, even unchanged.
  EXPECT_THAT(open.suspect(now, before), ElementsAre(Range{0x1000, 0x1000}));
  now[0x3fff] = 0xff;
  now[0x0000] = 0xff;
  EXPECT_THAT(open.suspect(now, before), ElementsAre(Range{0x1000, 0x1000}, Range{0x3000, 0x1000}));
  open.finished = 3;
  EXPECT_THAT(open.suspect(now, before), IsEmpty());
  open.again = {{0x2000, 0x1000}};
  EXPECT_THAT(open.suspect(now, before), ElementsAre(Range{0x2000, 0x1000}));
}

TEST(Journal, ATornLastLineIsLeftOut) {
  const TemporaryFolder folder;
  Journal journal = Journal::begin(folder.path(), record(), Buffer(0x4000), backup);
  journal.progress(1);
  std::ofstream(journal.path(), std::ios::app) << "{\"finis";
  EXPECT_EQ(Journal::load(journal.path()).finished, 1U);
}

TEST(Journal, AnUnfinishedWriteOfTheSameChipIsInTheWay) {
  const TemporaryFolder folder;
  const Journal first = Journal::begin(folder.path(), record(), Buffer(0x4000), backup);
  try {
    Journal::begin(folder.path(), record("2026-02-01T00:00:00Z"), Buffer(0x4000, 1), backup);
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), first.path().string() +
                                ": a write to this chip of 2026-01-31T12:00:00Z was not finished "
                                "(finish it with `romwright resume`, or undo it with `romwright "
                                "rollback`)");
  }
  // Another chip, or the write that finishes it, is not.
  JournalRecord other = record("2026-02-01T00:00:01Z");
  other.id = "c22017";
  Journal::begin(folder.path(), other, Buffer(0x4000, 2), backup).finish();
  Journal next = Journal::begin(folder.path(), record("2026-02-01T00:00:00Z"), Buffer(0x4000, 1),
                                backup, first.path());
  const std::vector<OpenJournal> open = Journal::list(folder.path());
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].path, next.path());
  next.finish();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Journal, WhatIsNoJournalIsNamed) {
  const TemporaryFolder folder;
  romwright::test::write_file(folder / "a.journal", as_bytes("hello\n"));
  romwright::test::write_file(folder / "b.journal", as_bytes("{\"romwright_journal\": 9}\n"));
  std::vector<std::string> problems;
  EXPECT_TRUE(Journal::list(folder.path(), &problems).empty());
  std::sort(problems.begin(), problems.end());
  EXPECT_THAT(problems,
              ElementsAre((folder / "a.journal").string() + ": is no journal of romwright",
                          (folder / "b.journal").string() +
                              ": is a journal of another version of romwright"));
  EXPECT_THROW(static_cast<void>(Journal::load(folder / "c.journal")), ImageError);
}

TEST(Journal, StepsOutsideTheChipAreRefused) {
  const TemporaryFolder folder;
  JournalRecord bad = record();
  bad.steps = {{0x3000, UINT64_MAX}};
  const Journal journal = Journal::begin(folder.path(), bad, Buffer(0x4000), backup);
  EXPECT_THROW(static_cast<void>(Journal::load(journal.path())), ImageError);
}

}  // namespace
}  // namespace romwright::flash
