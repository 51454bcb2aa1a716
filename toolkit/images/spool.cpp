// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/spool.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

void Spool::fail(int error) const {
  throw Error(fmt::format("{}: cannot write a temporary file: {}", folder_.string(),
                          std::generic_category().message(error)));
}

void Spool::create() {
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ >= 0) return;
  // Not every file system has files without a name.
  std::string name = (folder_ / ".romwright-XXXXXX").string();
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail(errno);
  ::unlink(name.c_str());
}

Range Spool::put(ConstBytes bytes) {
  if (file_ < 0) create();
  const Range where{size_, bytes.size()};
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return where;
}

Buffer Spool::get(Range where) const {
  Buffer bytes(where.size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file_, bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(where.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(got < 0 ? errno : EIO);
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace romwright::images
