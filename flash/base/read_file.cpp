// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/read_file.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/wait_readable.h"

namespace romwright {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const { return file_; }

 private:
  int file_;
};

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw ImageError(fmt::format("{}: {}", path.string(), std::generic_category().message(error)));
}

}  // namespace

Buffer read_file(const std::filesystem::path& path, std::uint64_t limit,
                 const std::stop_token& stop) {
  // A pipe that nobody writes to yet would let open wait as well.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) fail(path, errno);
  const auto expected = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  // A pipe has no size: it is read in growing pieces. One byte more than the limit tells too much.
  Buffer content(std::min(limit + 1, std::max<std::uint64_t>(expected + 1, 1U << 16)));
  std::size_t filled = 0;
  for (;;) {
    if (filled == content.size()) {
      if (filled > limit) break;
      content.resize(std::min<std::uint64_t>(limit + 1, content.size() * 2));
    }
    if (!S_ISREG(status.st_mode) && !wait_readable(file.get(), stop))
      throw InterruptedError(SIGINT, fmt::format("{}: stopped", path.string()));
    const ssize_t count = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) fail(path, errno);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > limit)
    throw ImageError(fmt::format("{}: larger than {}", path.string(), human_size(limit)));
  content.resize(filled);
  return content;
}

}  // namespace romwright
