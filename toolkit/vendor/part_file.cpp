// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/part_file.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"
#include "toolkit/vendor/cache_failure.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t longest_origin = 64 * 1024;

}  // namespace

PartFile::PartFile(fs::path path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (file_ < 0) cache_failure(path_, "write", errno);
  Buffer piece(1U << 20);
  while (true) {
    const ssize_t count = ::read(file_, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      ::close(file_);
      cache_failure(path_, "read", error);
    }
    if (count == 0) break;
    digest_.update(ConstBytes(piece).first(static_cast<std::size_t>(count)));
    size_ += static_cast<std::uint64_t>(count);
  }
}

PartFile::~PartFile() { ::close(file_); }

void PartFile::append(ConstBytes bytes) {
  digest_.update(bytes);
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) cache_failure(path_, "write", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
}

std::string PartFile::hash() { return to_hex(digest_.finish()); }

bool PartFile::is(const std::string& sha512) const { return map_file(path_).sha512() == sha512; }

void PartFile::restart() {
  if (::ftruncate(file_, 0) != 0) cache_failure(path_, "write", errno);
  std::error_code ignored;
  fs::remove(origin_path(), ignored);
  size_ = 0;
  digest_ = Digest(Hash::sha512);
}

fs::path PartFile::origin_path() const { return path_.string() + ".origin"; }

std::optional<PartOrigin> PartFile::origin() const {
  try {
    const Buffer content = read_file(origin_path(), longest_origin);
    const std::string text(content.begin(), content.end());
    const auto end = text.find('\n');
    if (end == std::string::npos || text.size() < end + 3 || text.back() != '\n')
      return std::nullopt;
    return PartOrigin{text.substr(0, end), text.substr(end + 1, text.size() - end - 2)};
  } catch (const ImageError&) {
    return std::nullopt;  // it is not known, which is no error
  }
}

void PartFile::set_origin(const PartOrigin& origin) const {
  write_whole(origin_path(), as_bytes(fmt::format("{}\n{}\n", origin.url, origin.validator)));
}

void PartFile::remove() noexcept {
  std::error_code ignored;
  fs::remove(path_, ignored);
  fs::remove(origin_path(), ignored);
}

}  // namespace romwright::vendor
