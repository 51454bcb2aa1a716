// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/output_file.h"

#include <functional>
#include <optional>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/base/page_buffer.h"
#include "tests/support/fixtures.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::string text_of(const fs::path& path) {
  const Buffer bytes = test::read_file(path);
  return {bytes.begin(), bytes.end()};
}

std::string line_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(dynamic_cast<const ImageError*>(&error), nullptr) << "the input is not at fault";
    return error.line();
  }
  return "no error";
}

TEST(OutputFile, IsThereOnlyWhenCommitted) {
  const test::TemporaryFolder folder;
  OutputFile file(folder / "a.rom");
  file.write(as_bytes("hello "));
  file.write(as_bytes("world"));
  EXPECT_FALSE(fs::exists(folder / "a.rom"));
  EXPECT_EQ(files_in(folder.path()), 1U);
  file.commit(true);
  EXPECT_EQ(file.size(), 11U);
  EXPECT_EQ(text_of(folder / "a.rom"), "hello world");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(OutputFile, LeavesWhatWasThere) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "a.rom", as_bytes("old"));
  {
    OutputFile file(folder / "a.rom");
    file.write(as_bytes("new"));
  }
  EXPECT_EQ(text_of(folder / "a.rom"), "old");
  EXPECT_EQ(files_in(folder.path()), 1U);
  write_whole(folder / "a.rom", as_bytes("new"));
  EXPECT_EQ(text_of(folder / "a.rom"), "new");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(OutputFile, MovesWithItsTemporaryFile) {
  const test::TemporaryFolder folder;
  {
    std::optional<OutputFile> first(folder / "a");
    OutputFile second(std::move(*first));
    first.reset();
    second.write(as_bytes("x"));
    second.commit();
  }
  EXPECT_EQ(text_of(folder / "a"), "x");
}

TEST(OutputFile, HasTheUmasksMode) {
  const test::TemporaryFolder folder;
  const mode_t before = umask(027);
  write_whole(folder / "a", as_bytes("x"));
  umask(before);
  EXPECT_EQ(fs::status(folder / "a").permissions(), fs::perms(0640));
}

TEST(OutputFile, ReplacesWhereALinkPoints) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder / "real");
  test::write_file(folder / "real/a", as_bytes("old"));
  fs::create_symlink("real/a", folder / "link");
  write_whole(folder / "link", as_bytes("new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(text_of(folder / "real/a"), "new");
}

TEST(OutputFile, SetsTheTime) {
  const test::TemporaryFolder folder;
  OutputFile file(folder / "a");
  file.set_time(1700000000);
  file.commit();
  struct stat status {};
  ASSERT_EQ(stat((folder / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mtime, 1700000000);
}

TEST(OutputFile, WritesPastTheCacheWhatItCouldWriteThroughIt) {
  const test::TemporaryFolder folder;
  Buffer content(5 * page_size + 17);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * 7);
  const PageBuffer pages(content);
  const ConstBytes all = pages.bytes();
  ASSERT_TRUE(lies_on_pages(all.first(page_size)));
  ASSERT_FALSE(lies_on_pages(all));
  const std::vector<std::vector<ConstBytes>> cuts{
      {all.first(2 * page_size), all.subspan(2 * page_size, page_size)},
      {all.first(page_size), all.subspan(page_size, 100), all.subspan(page_size + 100)},
      {all},
      {}};
  for (const std::vector<ConstBytes>& pieces : cuts) {
    std::string expected = "head";
    for (const ConstBytes piece : pieces) expected.append(piece.begin(), piece.end());
    for (const std::size_t skipped : {std::size_t{0}, std::size_t{4}}) {
      OutputFile file(folder / "a");
      file.write(as_bytes(expected.substr(skipped, 4 - skipped)));
      file.write_past_cache(pieces);
      file.write(as_bytes("tail"));
      EXPECT_EQ(file.size(), expected.size() - skipped + 4);
      file.commit();
      EXPECT_EQ(text_of(folder / "a"), expected.substr(skipped == 0 ? 0 : 4) + "tail");
    }
  }
}

TEST(OutputFile, TakesANameAsLongAsTheFileSystemDoes) {
  const test::TemporaryFolder folder;
  const std::string name(255, 'n');
  write_whole(folder / name, as_bytes("x"));
  EXPECT_EQ(text_of(folder / name), "x");
}

TEST(OutputFile, ReportsAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_EQ(line_of([] { write_whole("/dev/full", as_bytes("x")); }),
            "/dev/full: cannot write: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(OutputFile, ReportsWhereItCannotBe) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(line_of([&] { OutputFile(folder / "none/a"); }),
            (folder / "none/a").string() + ": cannot write: No such file or directory");
  EXPECT_EQ(line_of([&] { OutputFile(folder.path()); }),
            folder.path().string() + ": cannot write: Is a directory");
  test::write_file(folder / "file", {});
  EXPECT_EQ(line_of([&] { OutputFile(folder / "file/a"); }),
            (folder / "file/a").string() + ": cannot write: Not a directory");
}

}  // namespace
}  // namespace romwright
