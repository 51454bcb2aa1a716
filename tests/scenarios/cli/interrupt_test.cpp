// SPDX-License-Identifier: GPL-2.0-or-later
// Ctrl-C, SIGTERM and SIGHUP in the middle: nothing half made is left, and the chip can be
// finished.
#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <pty.h>
#include <sys/stat.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;
using test::Process;
using test::Result;
using testing::HasSubstr;

bool has_file_like(const fs::path& folder, std::string_view part) {
  std::error_code none;
  for (fs::recursive_directory_iterator at(folder, none), end; at != end; at.increment(none)) {
    if (none) return false;
    if (at->path().filename().string().find(part) != std::string::npos) return true;
  }
  return false;
}

int first_byte(const std::string& path) { return std::ifstream(path, std::ios::binary).get(); }

/// Runs until `reached`, then signals.
Result interrupted(const test::Workplace& place, const std::vector<std::string>& arguments,
                   const std::function<bool()>& reached, int signal) {
  Process process(test::Workplace::command(arguments), place.environment());
  while (process.running() && !reached()) std::this_thread::yield();
  process.signal(signal);
  return process.wait();
}

TEST(Interrupted, PrepareLeavesNoOutput) {
  const test::Workplace place;
  test::make_sample_release(place.path("sample"));
  const std::string roms = place.path("sample/complete/bin/sample_12mb/");
  const Buffer rom = test::read_file(roms + "seabios_sample_12mb_txtmode.rom");
  for (int i = 0; i < 6; ++i) {
    Buffer other = rom;
    const Buffer noise = test::sample_content(4U << 20, static_cast<std::uint32_t>(i));
    std::ranges::copy(noise, other.begin() + (6 << 20));
    test::write_file(roms + fmt::format("seabios_sample_12mb_variant{}.rom", i), other);
  }
  fs::create_directory(place.path("results"));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Result result = interrupted(
        place,
        {"prepare", place.path("sample/complete"), "-o", place.path("results/out.tar.xz"),
         "--board", std::string(test::sample_board), "--manifests", place.path("sample/manifests"),
         "--vendor-dir", place.path("sample/vendor")},
        [&] { return has_file_like(place.path("results"), "out.tar.xz"); }, signal);
    EXPECT_EQ(result.status, 128 + signal) << result.err;
    EXPECT_THAT(result.err, HasSubstr("romwright: "));
    EXPECT_TRUE(fs::is_empty(place.path("results")));
  }
}

TEST(Interrupted, AWriteIsResumed) {
  const test::Workplace place;
  Buffer image = test::sample_content(32U << 20, 3);
  image[0] = 0x5a;
  place.write("image", image);
  const auto on = [&](const std::string& file) {
    return "sim:chip=W25Q256FV,link=ft2232h,image=" + place.path(file);
  };
  for (const char* file : {"chip", "other"}) {
    const Result result = interrupted(
        place, {"write", "-p", on(file), place.path("image")},
        [&] { return place.has(file) && first_byte(place.path(file)) != 0xff; }, SIGINT);
    EXPECT_EQ(result.status, 130) << result.err;
    EXPECT_THAT(result.err, HasSubstr("resume"));
  }
  // The write of the programmer that is named, not the newest one.
  EXPECT_EQ(place({"resume", "-p", on("chip")}).status, 0);
  EXPECT_TRUE(place.read("chip") == image);
  EXPECT_FALSE(place.read("other") == image);
  EXPECT_EQ(place({"resume"}).status, 0);
  EXPECT_TRUE(place.read("other") == image);
}

TEST(Interrupted, WaitingForAPipe) {
  const test::Workplace place;
  ASSERT_EQ(mkfifo(place.path("pipe").c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(place.path("pipe.tar.xz").c_str(), 0600), 0);
  const std::string pipe = place.path("pipe"), tarball = place.path("pipe.tar.xz");
  const std::string chip = "sim:chip=W25Q64FV,image=" + place.path("chip");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"inspect", pipe},
                                             {"inspect", tarball},
                                             {"me", pipe},
                                             {"check", pipe, "--board", "x230_12mb"},
                                             {"split", pipe, "--board", "x230_12mb", "-o", "."},
                                             {"write", "-p", chip, pipe},
                                             {"verify", "-p", chip, pipe},
                                             {"batch", pipe},
                                             {"flashprog", "-p", chip, "-w", pipe},
                                             {"boards", "--config", pipe}}) {
    std::vector<std::string> logged = arguments;
    logged.insert(logged.begin(), {"--log", place.path("log")});
    fs::remove(place.path("log"));
    const Result result = interrupted(
        place, logged, [&] { return place.has("log"); }, SIGTERM);
    if (arguments[0] == "flashprog")
      EXPECT_NE(result.status, 0);
    else
      EXPECT_EQ(result.status, 143) << arguments[0] << ": " << result.err;
    EXPECT_THAT(result.err, HasSubstr("stopped")) << arguments[0];
  }
}

TEST(Interrupted, AtAQuestion) {
  const test::Workplace place;
  const std::string chip = "sim:chip=W25Q64FV,image=" + place.path("chip");
  ASSERT_EQ(place({"protect", "-p", chip, "enable", "0x0+0x400000"}).status, 0);
  place.write("image", test::sample_content(8U << 20, 1));
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(child, 0);
  if (child == 0) {
    setenv("XDG_STATE_HOME", place.path("state").c_str(), 1);
    execl(ROMWRIGHT_PROGRAM, "romwright", "write", "-p", chip.c_str(), place.path("image").c_str(),
          nullptr);
    _exit(127);
  }
  std::string shown;
  bool answered = false;
  std::array<char, 4096> block{};
  for (ssize_t count = 0; (count = read(terminal, block.data(), block.size())) > 0;) {
    shown.append(block.data(), static_cast<std::size_t>(count));
    if (answered || shown.find("[y/N]") == std::string::npos) continue;
    answered = true;
    EXPECT_EQ(write(terminal, "\x03", 1), 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  close(terminal);
  EXPECT_EQ(WEXITSTATUS(status), 130) << shown;
  EXPECT_THAT(shown, HasSubstr("not answered: stopped"));
  EXPECT_EQ(place.read("chip"), Buffer(8U << 20, 0xff));
}

TEST(Interrupted, NotByAPipeThatIsWrittenTo) {
  const test::Workplace place;
  ASSERT_EQ(mkfifo(place.path("pipe").c_str(), 0600), 0);
  const Buffer image = test::sample_content(1U << 20, 1);
  Process process(test::Workplace::command({"inspect", "--json", place.path("pipe")}),
                  place.environment());
  test::write_file(place.path("pipe"), image);
  const Result result = process.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"size\": 1048576"));
}

}  // namespace
}  // namespace romwright
