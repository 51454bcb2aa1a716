// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/archive_pipe.h"

#include <archive.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <utility>

#include "flash/base/wait_readable.h"

namespace romwright::images {

namespace {

constexpr std::size_t block_size = 1U << 16;

struct Pipe {
  Pipe(const std::filesystem::path& path, std::stop_token stop_reading)
      : file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)),
        stop(std::move(stop_reading)) {}
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    if (file >= 0) ::close(file);
  }
  int file;
  std::stop_token stop;
  std::array<char, block_size> block{};
};

/// libarchive's callback: the next bytes, 0 at the end, -1 for an error.
la_ssize_t read_pipe(archive* reader, void* data, const void** block) noexcept {
  auto& pipe = *static_cast<Pipe*>(data);
  *block = pipe.block.data();
  while (wait_readable(pipe.file, pipe.stop)) {
    const ssize_t count = ::read(pipe.file, pipe.block.data(), pipe.block.size());
    if (count >= 0) return count;
    if (errno == EINTR || errno == EAGAIN) continue;
    archive_set_error(reader, errno, "%s", std::strerror(errno));
    return -1;
  }
  archive_set_error(reader, EINTR, "stopped");
  return -1;
}

int close_pipe(archive* /*reader*/, void* data) noexcept {
  delete static_cast<Pipe*>(data);
  return ARCHIVE_OK;
}

}  // namespace

int open_pipe(archive* reader, const std::filesystem::path& path, const std::stop_token& stop) {
  auto pipe = std::make_unique<Pipe>(path, stop);
  if (pipe->file < 0) {
    archive_set_error(reader, errno, "%s", std::strerror(errno));
    return ARCHIVE_FATAL;
  }
  // It is closed by the archive, whether that can be opened or not.
  return archive_read_open(reader, pipe.release(), nullptr, read_pipe, close_pipe);
}

}  // namespace romwright::images
