// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/log_file.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/chrono.h>

#include "flash/base/error.h"

namespace romwright::cli {

namespace {

std::string now() {
  using namespace std::chrono;
  const auto time = system_clock::now();
  const auto thousandths = duration_cast<milliseconds>(time.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(time)),
                     thousandths);
}

}  // namespace

LogFile::~LogFile() {
  if (file_ >= 0) close(file_);
}

void LogFile::open(const std::string& path) {
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0)
    throw Error(fmt::format("{}: {}", path, std::strerror(errno)), "the file of --log");
  path_ = path;
}

void LogFile::write(std::string_view kind, std::string_view text) {
  if (file_ < 0) return;
  const std::string time = now();
  std::string lines;
  while (!text.empty() || lines.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines += fmt::format("{} {:<8} {}\n", time, kind, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  for (std::string_view rest = lines; !rest.empty();) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      failure_ = fmt::format("{}: {}: the log ends here", path_, std::strerror(errno));
      close(std::exchange(file_, -1));
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string LogFile::failure() { return std::exchange(failure_, {}); }

}  // namespace romwright::cli
