// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/file_cache.h"

#include <csignal>
#include <future>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/recorded_events.h"

namespace romwright::vendor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class Cache : public testing::Test {
 protected:
  [[nodiscard]] std::string message(const std::function<void()>& body) const {
    try {
      body();
    } catch (const Error& error) {
      return error.line();
    }
    return "no error";
  }
  romwright::test::TemporaryFolder folder;
  FileCache cache{folder / "deep/er"};
  Buffer bytes = romwright::test::pattern(5000, 1);
  std::string hash = hex_digest(Hash::sha512, bytes);
  romwright::test::RecordedEvents events;
};

TEST_F(Cache, IsMadeOnFirstUseForTheUserOnly) {
  EXPECT_EQ(cache.find(hash), std::nullopt);
  EXPECT_FALSE(cache.load(hash, events));
  EXPECT_FALSE(fs::exists(folder / "deep"));
  const mode_t before = ::umask(0);
  cache.add(bytes, hash);
  ::umask(before);
  for (const char* made : {"deep", "deep/er", "deep/er/files"})
    EXPECT_EQ(fs::status(folder / made).permissions(), fs::perms::owner_all) << made;
}

TEST_F(Cache, KeepsFilesByTheirHash) {
  const fs::path path = cache.add(bytes, hash);
  EXPECT_EQ(path, folder / "deep/er/files" / hash);
  EXPECT_EQ(cache.find(hash), path);
  EXPECT_EQ(romwright::test::read_file(path), bytes);
  const auto content = cache.load(hash, events);
  ASSERT_TRUE(content);
  EXPECT_EQ(Buffer(content->bytes().begin(), content->bytes().end()), bytes);
  EXPECT_THAT(events.warnings(), IsEmpty());
}

TEST_F(Cache, TakesAFileOver) {
  const fs::path part = cache.part(hash);
  EXPECT_EQ(part, folder / "deep/er/partial" / (hash + ".part"));
  romwright::test::write_file(part, bytes);
  EXPECT_EQ(romwright::test::read_file(cache.add(part, hash)), bytes);
  EXPECT_FALSE(fs::exists(part));
}

TEST_F(Cache, RemovesADamagedFile) {
  Buffer damaged = bytes;
  damaged[17] ^= 1;
  const fs::path path = cache.add(damaged, hash);
  EXPECT_FALSE(cache.load(hash, events));
  EXPECT_THAT(events.warnings(),
              ElementsAre(path.string() + ": damaged, its content has another hash; removed"));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Cache, IsNotLedElsewhereByASymbolicLink) {
  romwright::test::write_file(folder / "file", bytes);
  fs::create_directories(folder / "deep/er/files");
  fs::create_symlink(folder / "file", folder / "deep/er/files" / hash);
  EXPECT_EQ(cache.find(hash), std::nullopt);
}

TEST_F(Cache, SaysInOneLineThatItCannotBeMade) {
  romwright::test::write_file(folder / "deep", bytes);
  const std::string hint = " (vendor files are kept there; XDG_CACHE_HOME names another place)";
  EXPECT_EQ(
      message([&] { cache.add(bytes, hash); }),
      (folder / "deep/er/files").string() + ": cannot make the folder: Not a directory" + hint);
  if (::geteuid() == 0) return;  // who may write everywhere
  fs::remove(folder / "deep");
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(message([&] { cache.add(bytes, hash); }),
            (folder / "deep").string() + ": cannot make the folder: Permission denied" + hint);
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST_F(Cache, LetsOneAtATimeMakeAFile) {
  romwright::Run run{{}, events};
  std::atomic<bool> first_holds = true;
  auto first = std::make_unique<FileCache::Lock>(cache.lock(hash, run));
  EXPECT_THAT(events.notes(), IsEmpty());
  romwright::test::RecordedEvents others;
  std::promise<void> waits;
  others.on_note = [&] { waits.set_value(); };
  std::jthread second([&] {
    romwright::Run other{{}, others};
    const auto lock = cache.lock(hash, other);
    EXPECT_FALSE(first_holds);
  });
  waits.get_future().wait();
  // Another file is nobody's.
  static_cast<void>(cache.lock(std::string(128, '0'), run));
  first_holds = false;
  first.reset();
  second.join();
  EXPECT_THAT(others.notes(),
              ElementsAre("another process downloads the same file: waiting for it"));
  EXPECT_TRUE(fs::is_empty(folder / "deep/er/partial"));
}

TEST_F(Cache, ManyTakeTurns) {
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      romwright::Run run{{}, events};
      for (int round = 0; round < 5; ++round) {
        const auto lock = cache.lock(hash, run);
        EXPECT_EQ(++inside, 1);
        ++turns;
        --inside;
      }
    });
  threads.clear();
  EXPECT_EQ(turns, 20);
  EXPECT_TRUE(fs::is_empty(folder / "deep/er/partial"));
}

TEST_F(Cache, TheLockOfAKilledProcessIsFree) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    romwright::Run run{{}, events};
    const auto lock = cache.lock(hash, run);
    if (::write(pipe[1], "x", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char ready = 0;
  ASSERT_EQ(::read(pipe[0], &ready, 1), 1);
  events.on_note = [&] { ::kill(child, SIGKILL); };
  romwright::Run run{{}, events};
  static_cast<void>(cache.lock(hash, run));
  EXPECT_EQ(events.notes().size(), 1U);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_F(Cache, WaitingStopsWhenAsked) {
  romwright::Run run{{}, events};
  const auto held = cache.lock(hash, run);
  std::stop_source stop;
  events.on_note = [&] { stop.request_stop(); };
  romwright::Run other{stop.get_token(), events};
  EXPECT_EQ(message([&] { static_cast<void>(cache.lock(hash, other)); }),
            "stopped while another process downloads the file");
  EXPECT_TRUE(fs::exists(folder / "deep/er/partial" / (hash + ".lock")));
}

}  // namespace
}  // namespace romwright::vendor
