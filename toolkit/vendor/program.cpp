// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/program.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t most_output = 64U << 10;
/// How often a request to stop is looked for.
constexpr milliseconds patience{100};

std::string path_variable() {
  const char* set = std::getenv("PATH");
  return set != nullptr ? set : "/usr/local/bin:/usr/bin:/bin";
}

[[noreturn]] void fail(const ProgramCall& call, int error) {
  throw VendorError(fmt::format("{}: cannot be run: {}", call.program.string(),
                                std::generic_category().message(error)));
}

struct Pipe {
  std::array<int, 2> ends = {-1, -1};
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

/// Everything that the child needs, made before the fork: behind it nothing may be allocated.
struct Prepared {
  std::vector<std::string> words;
  std::vector<std::string> environment;
  std::vector<char*> argv, envp;
  std::string uid_map, gid_map;

  explicit Prepared(const ProgramCall& call) {
    words.push_back(call.program.string());
    words.insert(words.end(), call.arguments.begin(), call.arguments.end());
    environment = {"PATH=" + path_variable(), "HOME=" + call.folder.string(),
                   "TMPDIR=" + call.folder.string(), "LC_ALL=C.UTF-8"};
    for (std::string& word : words) argv.push_back(word.data());
    for (std::string& variable : environment) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    uid_map = fmt::format("{0} {0} 1\n", ::geteuid());
    gid_map = fmt::format("{0} {0} 1\n", ::getegid());
  }
};

void put(const char* path, std::string_view text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  // Where this fails the program has less rights, not more.
  [[maybe_unused]] const ssize_t written = ::write(file, text.data(), text.size());
  ::close(file);
}

/// A network of its own, with nothing in it. Not every system lets users do this.
void leave_network(const Prepared& prepared) {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return;
  put("/proc/self/setgroups", "deny");
  put("/proc/self/uid_map", prepared.uid_map);
  put("/proc/self/gid_map", prepared.gid_map);
}

/// In the child; returns only when something failed.
void become(const ProgramCall& call, const Prepared& prepared, int output, int parent) {
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0)
    return;
  // Whatever was opened without O_CLOEXEC elsewhere is not the program's.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const rlimit file_size{call.largest_file, call.largest_file};
  ::setrlimit(RLIMIT_FSIZE, &file_size);
  if (::chdir(call.folder.c_str()) != 0) return;
  leave_network(prepared);
  // Last, because a change of rights undoes it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::execve(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
}

/// A running child; killed with its group and reaped when this ends.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) { ::setpgid(pid, pid); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    if (!status_) wait(0);
  }
  void kill() const {
    if (!status_) {
      ::kill(-pid_, SIGKILL);
      ::kill(pid_, SIGKILL);
    }
  }
  /// True when it has ended. Its group is killed before it is reaped, while its number is its own.
  bool ended() {
    siginfo_t info = {};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
      return false;
    kill();
    wait(0);
    return true;
  }
  [[nodiscard]] int status() const {
    return WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_);
  }

 private:
  void wait(int flags) {
    int status = 0;
    while (::waitpid(pid_, &status, flags) < 0 && errno == EINTR) continue;
    status_ = status;
  }
  pid_t pid_;
  std::optional<int> status_;
};

/// Reads what there is; false at the end.
bool drain(int from, std::string& output) {
  std::array<char, 4096> block = {};
  const ssize_t got = ::read(from, block.data(), block.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  const std::size_t room = most_output - output.size();
  output.append(block.data(), std::min(room, static_cast<std::size_t>(got)));
  return got > 0;
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  std::string places = path_variable() + ":";
  for (std::size_t at = 0, end = 0; (end = places.find(':', at)) != std::string::npos;
       at = end + 1) {
    const fs::path folder = places.substr(at, end - at);
    if (!folder.is_absolute()) continue;
    std::error_code error;
    const fs::path program = fs::canonical(folder / name, error);
    if (!error && fs::is_regular_file(program, error) && ::access(program.c_str(), X_OK) == 0)
      return program;
  }
  return std::nullopt;
}

ProgramResult run_program(const ProgramCall& call, const std::stop_token& stop) {
  const Prepared prepared(call);
  Pipe output, failure;
  if (!output.open() || !failure.open()) fail(call, errno);
  const steady_clock::time_point deadline = steady_clock::now() + call.deadline;
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) fail(call, errno);
  if (pid == 0) {
    become(call, prepared, output.ends[1], self);
    const int error = errno;
    [[maybe_unused]] const ssize_t written = ::write(failure.ends[1], &error, sizeof error);
    ::_exit(127);
  }
  Child child(pid);
  output.close(1);
  failure.close(1);
  int error = 0;
  if (::read(failure.ends[0], &error, sizeof error) == sizeof error) fail(call, error);
  ProgramResult result;
  bool open = true;
  while (!child.ended()) {
    if (stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("{}: stopped", call.program.string()));
    if (steady_clock::now() >= deadline) {
      result.timed_out = true;
      child.kill();
    }
    pollfd wait{open ? output.ends[0] : -1, POLLIN, 0};
    // Without an output the end of the process is looked for more often.
    const milliseconds pause = open ? patience : milliseconds(5);
    if (::poll(&wait, 1, static_cast<int>(pause.count())) > 0)
      open = drain(output.ends[0], result.output);
  }
  // What it said last is still in the pipe; its children are dead, so there is an end.
  while (open) open = drain(output.ends[0], result.output);
  result.status = child.status();
  return result;
}

}  // namespace romwright::vendor
