// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/temporary_content.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

class OpenFile {
 public:
  explicit OpenFile(int file) : file_(file) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const { return file_; }

 private:
  int file_;
};

/// The content of an open file, or an errno in `error`.
Content map_open(int file, std::uint64_t size, int& error) {
  error = 0;
  if (size == 0) return {};
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (at == MAP_FAILED) {
    error = errno;
    return {};
  }
  std::shared_ptr<const void> owner(
      at, [size](const void* memory) { ::munmap(const_cast<void*>(memory), size); });
  return {std::move(owner), ConstBytes(static_cast<const std::uint8_t*>(at), size)};
}

}  // namespace

Content map_file(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& why) {
    throw ImageError(fmt::format("{}: {}", path.string(), why));
  };
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status = {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) fail(reason(errno));
  if (!S_ISREG(status.st_mode)) fail("not a regular file");
  int error = 0;
  Content content = map_open(file.get(), static_cast<std::uint64_t>(status.st_size), error);
  if (error != 0) fail(reason(error));
  return content;
}

ContentWriter::~ContentWriter() {
  if (file_ >= 0) ::close(file_);
}

void ContentWriter::fail(int error) const {
  throw Error(
      fmt::format("{}: cannot write a temporary file: {}", folder_.string(), reason(error)));
}

void ContentWriter::spill() {
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0) {
    // Not every file system has files without a name.
    std::string name = (folder_ / ".romwright-XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) fail(errno);
    ::unlink(name.c_str());
  }
  const Buffer bytes = std::exchange(bytes_, {});
  size_ = 0;
  write(bytes);
}

void ContentWriter::write(ConstBytes bytes) {
  if (file_ < 0 && size_ + bytes.size() > in_memory_) spill();
  if (file_ < 0) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    size_ += bytes.size();
    return;
  }
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

void ContentWriter::skip_to(std::uint64_t offset) {
  if (offset <= size_) return;
  if (file_ < 0 && offset > in_memory_) spill();
  if (file_ < 0)
    bytes_.resize(offset);
  else if (::ftruncate(file_, static_cast<off_t>(offset)) != 0)
    fail(errno);
  size_ = offset;
}

Content ContentWriter::finish() {
  if (file_ < 0) {
    bytes_.shrink_to_fit();
    return Content(std::move(bytes_));
  }
  int error = 0;
  Content content = map_open(file_, size_, error);
  if (error != 0) fail(error);
  return content;
}

}  // namespace romwright::vendor
