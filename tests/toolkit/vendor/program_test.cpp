// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/program.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright::vendor {
namespace {

using testing::HasSubstr;

class Program : public testing::Test {
 protected:
  ProgramCall shell(const std::string& script) {
    ProgramCall call;
    call.program = "/bin/sh";
    call.arguments = {"-c", script};
    call.folder = folder.path();
    return call;
  }
  ProgramResult run(const ProgramCall& call) { return run_program(call, {}); }
  romwright::test::TemporaryFolder folder;
};

TEST_F(Program, IsFoundOnPath) {
  ASSERT_TRUE(find_program("sh"));
  EXPECT_TRUE(find_program("sh")->is_absolute());
  EXPECT_FALSE(find_program("no-such-program-anywhere"));
  EXPECT_FALSE(find_program("../bin/sh"));
  EXPECT_FALSE(find_program(""));
}

TEST_F(Program, TellsItsStatusAndOutput) {
  const ProgramResult result = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "out\nerr\n");
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(run(shell("kill -9 $$")).status, 128 + SIGKILL);
}

TEST_F(Program, TakesArgumentsAsTheyAre) {
  ProgramCall call = shell("printf '%s|' \"$@\"");
  call.arguments.insert(call.arguments.end(), {"sh", "a b", "$HOME", "`x`", "*"});
  EXPECT_EQ(run(call).output, "a b|$HOME|`x`|*|");
}

TEST_F(Program, HasNothingOfOurs) {
  ::setenv("ROMWRIGHT_SECRET", "1", 1);
  const std::string output = run(shell("env; pwd; cat; ls -A; ls /proc/self/fd | wc -l")).output;
  ::unsetenv("ROMWRIGHT_SECRET");
  EXPECT_THAT(output, Not(HasSubstr("SECRET")));
  EXPECT_THAT(output, HasSubstr("HOME=" + folder.path().string()));
  EXPECT_THAT(output, HasSubstr("PWD=" + folder.path().string()));
}

/// Where the system lets users have a network of their own, with nothing in it.
TEST_F(Program, HasNoNetwork) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) GTEST_SKIP() << "this system lets no user leave its network";
  const std::string devices = run(shell("cat /proc/net/dev | tail -n +3 | cut -d: -f1")).output;
  EXPECT_EQ(devices, "    lo\n");
}

TEST_F(Program, IsKilledWithAllThatItStarted) {
  ProgramCall call = shell("(while :; do :; done) & echo $!; wait");
  call.deadline = std::chrono::milliseconds(200);
  const ProgramResult result = run(call);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGKILL);
  EXPECT_NE(
      ::kill(std::stoi(result.output), 0) == 0 &&
          std::filesystem::exists("/proc/" + std::to_string(std::stoi(result.output)) + "/exe"),
      true);
}

TEST_F(Program, WhatItLeavesBehindIsKilled) {
  const ProgramResult result = run(shell("(while :; do :; done) & echo started"));
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "started\n");
}

TEST_F(Program, MuchOutputIsCut) {
  const ProgramResult result =
      run(shell("i=0; while [ $i -lt 20000 ]; do echo 12345678; "
                "i=$((i+1)); done"));
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output.size(), 64U << 10);
}

TEST_F(Program, WritesFilesWithinTheLimit) {
  ProgramCall call = shell("head -c 100000 /dev/zero > f");
  call.largest_file = 1000;
  EXPECT_NE(run(call).status, 0);
  EXPECT_EQ(std::filesystem::file_size(folder / "f"), 1000U);
}

TEST_F(Program, StopsOnRequest) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(run_program(shell("while :; do :; done"), stop.get_token()), InterruptedError);
}

/// Whoever started it may be killed so that it can tidy nothing up.
TEST_F(Program, EndsWithThisProcess) {
  const std::string fifo = folder / "pid";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    run(shell("echo $$ > pid; exec sleep 1000"));
    ::_exit(0);
  }
  const Buffer said = [&] {
    const int file = ::open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
    Buffer bytes(16);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(file, bytes.data(), 16), 0)));
    ::close(file);
    return bytes;
  }();
  const pid_t pid = std::stoi(std::string(said.begin(), said.end()));
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  if (process < 0) GTEST_SKIP() << "the system has no pidfd";
  pollfd wait{process, POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 10'000), 1);
  ::close(process);
}

TEST_F(Program, ThatCannotBeRun) {
  ProgramCall call = shell("");
  call.program = folder / "nothing";
  try {
    run(call);
    ADD_FAILURE() << "was run";
  } catch (const VendorError& error) {
    EXPECT_THAT(error.what(), HasSubstr("nothing: cannot be run: No such file or directory"));
  }
}

}  // namespace
}  // namespace romwright::vendor
