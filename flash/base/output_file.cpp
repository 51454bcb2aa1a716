// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/output_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/page_buffer.h"

namespace romwright {

namespace {

namespace fs = std::filesystem;

constexpr int attempts = 100;

/// True for a device, a pipe or a socket: what cannot be replaced by renaming.
bool written_in_place(const fs::file_status& status) {
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// `target` with a random suffix and a dot in front; short enough for any file system.
fs::path temporary_name(const fs::path& target) {
  constexpr std::size_t longest = 200;
  static thread_local std::mt19937_64 random{std::random_device{}()};
  const std::string name = target.filename().string().substr(0, longest);
  return target.parent_path() / fmt::format(".{}.{:016x}", name, random());
}

}  // namespace

void OutputFile::fail(const char* what, int error) const {
  throw Error(fmt::format("{}: cannot {}: {}", shown_.string(), what,
                          std::generic_category().message(error)));
}

OutputFile::OutputFile(fs::path path, fs::path shown)
    : path_(std::move(path)), shown_(std::move(shown)), target_(path_) {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::is_directory(status)) fail("write", EISDIR);
  if (written_in_place(status)) {
    file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ < 0) fail("write", errno);
    return;
  }
  if (fs::is_symlink(fs::symlink_status(path_, error))) {
    target_ = fs::weakly_canonical(path_, error);
    if (error) fail("write", error.value());
  }
  for (int i = 0; file_ < 0 && i < attempts; ++i) {
    temporary_ = temporary_name(target_).string();
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0 && errno != EEXIST) break;
  }
  if (file_ < 0) {
    const int reason = errno;
    temporary_.clear();
    fail("write", reason);
  }
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      shown_(std::move(other.shown_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_) {}

OutputFile::~OutputFile() { discard(); }

void OutputFile::discard() noexcept {
  if (file_ >= 0) ::close(std::exchange(file_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void OutputFile::write(ConstBytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("write", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

/// Returns how much was written; what is left has to be written otherwise.
std::size_t OutputFile::write_directly(std::span<const ConstBytes> pieces) {
  constexpr std::size_t most_pieces = 16;
  const bool on_pages = size_ % page_size == 0 && pieces.size() <= most_pieces &&
                        std::ranges::all_of(pieces, lies_on_pages);
  if (!on_pages || temporary_.empty() || ::fcntl(file_, F_SETFL, O_DIRECT) != 0) return 0;
  std::vector<iovec> vectors;
  for (const ConstBytes piece : pieces)
    vectors.push_back({const_cast<std::uint8_t*>(piece.data()), piece.size()});
  // Whatever hinders it, the other way tells.
  const ssize_t written = ::writev(file_, vectors.data(), static_cast<int>(vectors.size()));
  if (::fcntl(file_, F_SETFL, 0) != 0) fail("write", errno);
  return static_cast<std::size_t>(std::max<ssize_t>(written, 0));
}

void OutputFile::write_past_cache(std::span<const ConstBytes> pieces) {
  std::size_t done = write_directly(pieces);
  size_ += done;
  for (const ConstBytes piece : pieces) {
    const std::size_t skipped = std::min(done, piece.size());
    done -= skipped;
    write(piece.subspan(skipped));
  }
}

void OutputFile::set_time(std::int64_t seconds) {
  const timespec time{static_cast<time_t>(seconds), 0};
  const timespec times[] = {time, time};
  if (!temporary_.empty() && ::futimens(file_, times) != 0) fail("set the time", errno);
}

void OutputFile::commit(bool durable) {
  // Devices and pipes cannot be synchronised, and have nothing to lose.
  if (durable && !temporary_.empty() && ::fsync(file_) != 0) fail("write", errno);
  if (::close(std::exchange(file_, -1)) != 0) fail("write", errno);
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("rename the finished file", errno);
  temporary_.clear();
  if (!durable) return;
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) fail("synchronise its folder", errno);
  const int result = ::fsync(directory) == 0 ? 0 : errno;
  ::close(directory);
  if (result != 0) fail("synchronise its folder", result);
}

void write_whole(const fs::path& path, ConstBytes bytes, bool durable) {
  OutputFile file(path);
  file.write(bytes);
  file.commit(durable);
}

}  // namespace romwright
