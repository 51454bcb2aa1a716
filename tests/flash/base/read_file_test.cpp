// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/read_file.h"

#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
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

TEST(ReadFile, APipeIsReadToItsEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const Buffer content = test::pattern(300000, 1);
  std::jthread writer([&] {
    for (std::size_t at = 0; at < content.size();) {
      const ssize_t count = write(ends[1], content.data() + at, content.size() - at);
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
    close(ends[1]);
  });
  EXPECT_EQ(read_file(fmt::format("/proc/self/fd/{}", ends[0]), 300000), content);
  close(ends[0]);
}

TEST(ReadFile, StopsWaitingForAPipe) {
  const test::TemporaryFolder folder;
  const std::string pipe = (folder / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::stop_source stop;
  std::jthread reader(
      [&] { EXPECT_THROW((void)read_file(pipe, 10, stop.get_token()), InterruptedError); });
  stop.request_stop();
}

}  // namespace
}  // namespace romwright
