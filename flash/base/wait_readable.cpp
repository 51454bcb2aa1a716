// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/wait_readable.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace romwright {

namespace {

/// A descriptor that can be read from as soon as it was notified.
class Event {
 public:
  Event() : file_(::eventfd(0, EFD_CLOEXEC)) {
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { ::close(file_); }
  void notify() const noexcept { (void)::eventfd_write(file_, 1); }
  [[nodiscard]] int file() const noexcept { return file_; }

 private:
  int file_;
};

}  // namespace

bool wait_readable(int file, const std::stop_token& stop) {
  const Event stopped;
  const std::stop_callback notice(stop, [&stopped] { stopped.notify(); });
  std::array<pollfd, 2> waited{{{file, POLLIN, 0}, {stopped.file(), POLLIN, 0}}};
  while (::poll(waited.data(), waited.size(), -1) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  return waited[1].revents == 0;
}

}  // namespace romwright
