// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/durable_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"

namespace romwright::flash {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) {
  throw Error(fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

void write_durable(const fs::path& path, ConstBytes content) {
  std::error_code code;
  fs::create_directories(folder_of(path), code);
  if (code) throw Error(fmt::format("{}: {}", folder_of(path).string(), code.message()));
  write_whole(path, content, true);
}

void remove_durable(const fs::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return;
    fail(path);
  }
  const fs::path folder = folder_of(path);
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Some file systems refuse to sync a folder (EINVAL); there is nothing more to be done there.
  const bool synced = file >= 0 && (::fsync(file) == 0 || errno == EINVAL);
  const int reason = errno;
  if (file >= 0) ::close(file);
  errno = reason;
  if (!synced) fail(folder);
}

Buffer read_pinned(const fs::path& path, std::string_view sha512) {
  constexpr std::uint64_t largest = 1U << 30;
  Buffer bytes = read_file(path, largest);
  if (hex_digest(Hash::sha512, bytes) != sha512)
    throw ImageError(fmt::format("{}: is not what its SHA-512 says", path.string()),
                     "the file was changed after it was made");
  return bytes;
}

AppendedFile::AppendedFile(fs::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)) {
  if (file_ < 0) fail(path_);
}

AppendedFile::AppendedFile(AppendedFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

AppendedFile::~AppendedFile() {
  if (file_ >= 0) ::close(file_);
}

void AppendedFile::append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path_);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AppendedFile::sync() {
  if (::fdatasync(file_) != 0) fail(path_);
}

}  // namespace romwright::flash
