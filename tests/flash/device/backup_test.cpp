// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/device/record_tag.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using romwright::test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::EndsWith;

BackupFacts facts(std::string date) {
  return {"Winbond W25Q64FV", "ef4017", "sim:chip=W25Q64FV", "x230_12mb", std::move(date)};
}

TEST(Backup, KeepsContentAndFacts) {
  const TemporaryFolder folder;
  const BackupStore store(folder / "new" / "backups");
  const Buffer content = romwright::test::pattern(5000, 4);
  const Backup kept = store.keep(content, facts("2026-01-31T12:00:00Z"));
  EXPECT_EQ(kept.content.filename().string(), "2026-01-31T12-00-00Z_Winbond-W25Q64FV_" +
                                                  record_tag(kept.sha512, kept.facts.programmer) +
                                                  ".rom");
  EXPECT_EQ(romwright::test::read_file(kept.content), content);
  const std::vector<Backup> found = store.list();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].content, kept.content);
  EXPECT_EQ(found[0].sha512, hex_digest(Hash::sha512, content));
  EXPECT_EQ(found[0].size, 5000U);
  EXPECT_EQ(found[0].facts.chip, "Winbond W25Q64FV");
  EXPECT_EQ(found[0].facts.id, "ef4017");
  EXPECT_EQ(found[0].facts.programmer, "sim:chip=W25Q64FV");
  EXPECT_EQ(found[0].facts.board, "x230_12mb");
  EXPECT_EQ(found[0].facts.date, "2026-01-31T12:00:00Z");
  EXPECT_EQ(BackupStore::content(found[0]), content);
  // No temporary file is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(store.folder()), {}), 2);
}

TEST(Backup, ListsTheNewestFirst) {
  const TemporaryFolder folder;
  const BackupStore store(folder.path());
  EXPECT_TRUE(BackupStore(folder / "missing").list().empty());
  for (const char* date : {"2026-01-02T00:00:00Z", "2026-03-01T00:00:00Z", "2025-12-31T23:59:59Z"})
    store.keep(romwright::test::pattern(16, 1), facts(date));
  std::vector<std::string> dates;
  for (const Backup& backup : store.list()) dates.push_back(backup.facts.date);
  EXPECT_THAT(dates,
              ElementsAre("2026-03-01T00:00:00Z", "2026-01-02T00:00:00Z", "2025-12-31T23:59:59Z"));
}

TEST(Backup, SaysWhatIsNoBackup) {
  const TemporaryFolder folder;
  const BackupStore store(folder.path());
  const Backup kept = store.keep(romwright::test::pattern(16, 1), facts("2026-01-02T00:00:00Z"));
  romwright::test::write_file(folder / "a.json", as_bytes("{"));
  romwright::test::write_file(folder / "b.json", as_bytes("{\"sha512\": 1}"));
  std::filesystem::copy(std::filesystem::path(kept.content).replace_extension(".json"),
                        folder / "c.json");
  std::vector<std::string> problems;
  EXPECT_EQ(store.list(&problems).size(), 1U);
  std::sort(problems.begin(), problems.end());
  EXPECT_THAT(problems, ElementsAre(EndsWith("a.json: is no record of a backup"),
                                    EndsWith("b.json: is no record of a backup"),
                                    EndsWith("c.rom: is missing")));
}

TEST(Backup, ContentThatChangedIsRefused) {
  const TemporaryFolder folder;
  const BackupStore store(folder.path());
  const Backup kept = store.keep(romwright::test::pattern(16, 1), facts("2026-01-02T00:00:00Z"));
  romwright::test::write_file(kept.content, romwright::test::pattern(16, 2));
  try {
    static_cast<void>(BackupStore::content(kept));
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.line(), kept.content.string() +
                                ": is not what its SHA-512 says (the file was changed after it "
                                "was made)");
  }
}

TEST(Backup, AFolderThatCannotBeMadeIsAnError) {
  const TemporaryFolder folder;
  romwright::test::write_file(folder / "file", {});
  EXPECT_THROW(BackupStore(folder / "file" / "backups").keep({}, facts("x")), Error);
}

}  // namespace
}  // namespace romwright::flash
