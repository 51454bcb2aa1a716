// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/read_file.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright {
namespace {

std::string line_of(const std::filesystem::path& path, std::uint64_t limit) {
  try {
    read_file(path, limit);
  } catch (const ImageError& error) {
    return error.line();
  }
  return {};
}

TEST(ReadFile, ReadsWholeFilesUpToTheLimit) {
  const test::TemporaryFolder folder;
  const Buffer content = test::pattern(200000, 1);
  test::write_file(folder / "a", content);
  EXPECT_EQ(read_file(folder / "a", 200000), content);
  EXPECT_EQ(line_of(folder / "a", 199999), (folder / "a").string() + ": larger than 199 999 bytes");
  test::write_file(folder / "empty", {});
  EXPECT_TRUE(read_file(folder / "empty", 10).empty());
}

TEST(ReadFile, SaysWhyNot) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(line_of(folder / "none", 10),
            (folder / "none").string() + ": No such file or directory");
  EXPECT_EQ(line_of(folder.path(), 10), folder.path().string() + ": Is a directory");
  EXPECT_EQ(line_of("/dev/zero", 1U << 20), "/dev/zero: larger than 1 MiB");
}

}  // namespace
}  // namespace romwright
