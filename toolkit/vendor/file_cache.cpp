// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/file_cache.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/vendor/cache_failure.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

/// Makes `folder` and those above it, for the user only.
void make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return;
  if (errno != ENOENT || !folder.has_parent_path() || folder.parent_path() == folder)
    cache_failure(folder, "make the folder", errno);
  make_folder(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    cache_failure(folder, "make the folder", errno);
}

/// Whether the open file is still the one that has the name.
bool is_named(int file, const fs::path& path) {
  struct stat opened = {};
  struct stat named = {};
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// Returns after `time`, or as soon as it should stop.
void wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

fs::path FileCache::subfolder(const char* name) const {
  fs::path folder = folder_ / name;
  make_folder(folder);
  return folder;
}

std::optional<fs::path> FileCache::find(const std::string& sha512) const {
  fs::path path = folder_ / "files" / sha512;
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return std::nullopt;
  return path;
}

std::optional<Content> FileCache::load(const std::string& sha512, EventSink& events) const {
  const auto path = find(sha512);
  if (!path) return std::nullopt;
  try {
    Content content = map_file(*path);
    if (content.sha512() == sha512) return content;
  } catch (const ImageError& error) {
    events.warning(error.line());
    return std::nullopt;
  }
  std::error_code error;
  fs::remove(*path, error);
  events.warning(fmt::format("{}: damaged, its content has another hash{}", path->string(),
                             error ? "" : "; removed"));
  return std::nullopt;
}

fs::path FileCache::add(ConstBytes bytes, const std::string& sha512) const {
  fs::path path = subfolder("files") / sha512;
  write_whole(path, bytes);
  return path;
}

fs::path FileCache::add(const fs::path& file, const std::string& sha512) const {
  fs::path path = subfolder("files") / sha512;
  if (::rename(file.c_str(), path.c_str()) != 0)
    cache_failure(path, "rename the finished file", errno);
  return path;
}

fs::path FileCache::part(const std::string& sha512) const {
  return subfolder("partial") / (sha512 + ".part");
}

FileCache::Lock::Lock(Lock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

FileCache::Lock::~Lock() {
  if (file_ < 0) return;
  // The name goes first: who waits for this file then sees that it is no longer the one.
  ::unlink(path_.c_str());
  ::close(file_);
}

FileCache::Lock FileCache::lock(const std::string& sha512, Run& run) const {
  constexpr std::chrono::milliseconds pause{50};
  fs::path path = subfolder("partial") / (sha512 + ".lock");
  bool told = false;
  while (true) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) cache_failure(path, "write", errno);
    Lock held(file, path);
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      const bool waits = error == EWOULDBLOCK || error == EINTR;
      if (!waits || run.stop.stop_requested()) {
        // Somebody else holds it, so the name stays.
        ::close(std::exchange(held.file_, -1));
        if (!waits) cache_failure(path, "lock", error);
        throw InterruptedError(SIGINT, "stopped while another process downloads the file");
      }
      if (!std::exchange(told, true))
        run.events.note("another process downloads the same file: waiting for it");
      wait(pause, run.stop);
    }
    if (is_named(file, path)) return held;
    // Its holder has just removed it: closing this one must not remove the next one's name.
    ::close(std::exchange(held.file_, -1));
  }
}

}  // namespace romwright::vendor
