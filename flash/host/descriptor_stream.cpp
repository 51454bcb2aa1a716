// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/descriptor_stream.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/host/device_file.h"

namespace romwright::flash {
namespace {

bool is_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

DescriptorStream::DescriptorStream(Descriptor descriptor, std::string name, std::size_t kept)
    : descriptor_(std::move(descriptor)), name_(std::move(name)), kept_(kept) {}

void DescriptorStream::lost(int error) const {
  throw DeviceError(
      fmt::format("{}: {}", name_, error == 0 ? "the other side closed it" : error_text(error)),
      "is the device still there?");
}

std::size_t DescriptorStream::read_some(Bytes into) {
  const ssize_t size = ::read(descriptor(), into.data(), into.size());
  if (size > 0) return static_cast<std::size_t>(size);
  if (size == 0 && !into.empty()) lost(0);
  if (size < 0 && !is_later(errno)) lost(errno);
  return 0;
}

std::size_t DescriptorStream::write_some(ConstBytes bytes) {
  // A socket that is closed would raise SIGPIPE with write(2); a terminal knows no send(2).
  ssize_t size = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (size < 0 && errno == ENOTSOCK) size = ::write(descriptor(), bytes.data(), bytes.size());
  if (size >= 0) return static_cast<std::size_t>(size);
  if (!is_later(errno)) lost(errno);
  return 0;
}

bool DescriptorStream::wait(bool to_write, std::chrono::nanoseconds longest) {
  pollfd look{.fd = descriptor(), .events = POLLIN, .revents = 0};
  if (to_write) look.events = POLLIN | POLLOUT;
  const auto nanoseconds = std::max<std::int64_t>(longest.count(), 0);
  const timespec limit{.tv_sec = nanoseconds / 1'000'000'000,
                       .tv_nsec = nanoseconds % 1'000'000'000};
  if (::ppoll(&look, 1, &limit, nullptr) <= 0) return false;
  // A link that broke is "readable": the reading tells why.
  return (look.revents & ~POLLOUT) != 0;
}

}  // namespace romwright::flash
