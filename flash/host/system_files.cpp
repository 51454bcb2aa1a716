// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/system_files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace romwright::flash {

namespace fs = std::filesystem;

namespace {

/// Never waits: a file that is a pipe or a device without data is one that cannot be read.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

}  // namespace

SystemFiles SystemFiles::of_machine() {
  utsname names{};
  return {"/", geteuid(), uname(&names) == 0 ? names.release : ""};
}

fs::path SystemFiles::place(const fs::path& path) const { return root_ / path.relative_path(); }

std::optional<Buffer> SystemFiles::bytes(const std::string& path, std::uint64_t offset,
                                         std::size_t size) const {
  const int file = ::open(place(path).c_str(), open_flags);
  if (file < 0) return std::nullopt;
  Buffer content;
  bool sound = offset <= INT64_MAX - size;
  while (sound && content.size() < size) {
    const std::size_t before = content.size();
    content.resize(std::min(size, before + (std::size_t{64} << 10)));
    const ssize_t got = ::pread(file, content.data() + before, content.size() - before,
                                static_cast<off_t>(offset + before));
    content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    sound = got >= 0;
    if (got <= 0) break;
  }
  ::close(file);
  return sound ? std::optional(std::move(content)) : std::nullopt;
}

std::optional<std::string> SystemFiles::text(const std::string& path) const {
  const auto content = bytes(path, 0, std::size_t{1} << 20);
  if (!content) return std::nullopt;
  const std::string all(content->begin(), content->end());
  constexpr std::string_view blanks(" \t\r\n\0", 5);
  const std::size_t first = all.find_first_not_of(blanks);
  if (first == std::string::npos) return "";
  return all.substr(first, all.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> SystemFiles::names(const std::string& folder) const {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(place(folder), error), end; !error && at != end;
       at.increment(error))
    found.push_back(at->path().filename().string());
  std::ranges::sort(found);
  return found;
}

bool SystemFiles::exists(const std::string& path) const {
  std::error_code error;
  return fs::exists(place(path), error);
}

bool SystemFiles::readable(const std::string& path) const {
  const int file = ::open(place(path).c_str(), open_flags);
  if (file < 0) return false;
  ::close(file);
  return true;
}

std::optional<std::uint64_t> SystemFiles::free_bytes(const fs::path& path) const {
  fs::path at = place(path);
  struct statvfs space {};
  while (::statvfs(at.c_str(), &space) != 0) {
    if (errno != ENOENT || at == at.parent_path()) return std::nullopt;
    at = at.parent_path();
  }
  return std::uint64_t{space.f_bavail} * space.f_frsize;
}

bool SystemFiles::writable(const fs::path& path) const {
  fs::path at = place(path);
  while (::access(at.c_str(), W_OK | X_OK) != 0) {
    if (errno != ENOENT || at == at.parent_path()) return false;
    at = at.parent_path();
  }
  return true;
}

}  // namespace romwright::flash
