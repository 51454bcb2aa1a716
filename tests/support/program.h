// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a program as a user would, and keeps what it says.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "tests/support/fixtures.h"

extern char** environ;

namespace romwright::test {

struct Result {
  int status = -1;  ///< exit status, or 128 + signal
  std::string out;
  std::string err;
};

/// A program that runs, its outputs going to files.
class Process {
 public:
  /// `environment` entries NAME=VALUE are added to the test's own.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {},
                   const std::string& standard_output = {}) {
    out_ = standard_output.empty() ? (folder_ / "out").string() : standard_output;
    err_ = (folder_ / "err").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT, 0600);
    std::vector<char*> argv, envp;
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    for (const std::string& entry : environment) envp.push_back(const_cast<char*>(entry.c_str()));
    for (char** entry = environ; *entry != nullptr; ++entry) envp.push_back(*entry);
    envp.push_back(nullptr);
    if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data()) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  void signal(int number) const {
    if (pid_ > 0) kill(pid_, number);
  }
  /// False once it has ended; `wait` still tells how.
  [[nodiscard]] bool running() const {
    siginfo_t info{};
    return pid_ > 0 &&
           waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
  }
  [[nodiscard]] std::string out() const { return text(out_); }
  [[nodiscard]] std::string err() const { return text(err_); }

  Result wait() {
    Result result;
    if (pid_ > 0) {
      int status = 0;
      while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
      pid_ = -1;
      result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    result.out = out();
    result.err = err();
    return result;
  }

 private:
  static std::string text(const std::string& path) {
    if (!std::filesystem::is_regular_file(path)) return {};
    const Buffer bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
  }

  TemporaryFolder folder_;
  std::string out_, err_;
  pid_t pid_ = -1;
};

inline Result run(const std::vector<std::string>& arguments,
                  const std::vector<std::string>& environment = {}) {
  return Process(arguments, environment).wait();
}

/// Whether `name` is a program on PATH (Debian's sbin directories included).
inline std::optional<std::string> find_program(const std::string& name) {
  std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "";
  path += ":/usr/local/sbin:/usr/sbin:/sbin";
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find(':', from), path.size());
    const std::string candidate = path.substr(from, to - from) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    from = to + 1;
  }
  return std::nullopt;
}

}  // namespace romwright::test
