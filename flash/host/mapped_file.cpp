// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/mapped_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"

namespace romwright::flash {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw NoDeviceError(fmt::format("{}: {}", path.string(), std::generic_category().message(error)));
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path, std::uint64_t size, std::uint8_t fill)
    : size_(size) {
  if (!std::filesystem::exists(path)) write_whole(path, Buffer(size, fill));
  file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file_ < 0) fail(path, errno);
  const auto give_up = [&](NoDeviceError error) {
    ::close(file_);
    throw error;
  };
  struct stat status {};
  if (::fstat(file_, &status) != 0 || static_cast<std::uint64_t>(status.st_size) != size)
    give_up(NoDeviceError(
        fmt::format("{}: {}, the chip has {}", path.string(),
                    human_size(static_cast<std::uint64_t>(status.st_size)), human_size(size)),
        "name another file, or another chip"));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
    give_up(NoDeviceError(fmt::format("{}: in use by another process", path.string())));
  void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
  if (mapped == MAP_FAILED)
    give_up(NoDeviceError(
        fmt::format("{}: {}", path.string(), std::generic_category().message(errno))));
  data_ = static_cast<std::uint8_t*>(mapped);
}

MappedFile::~MappedFile() {
  ::munmap(data_, size_);
  ::close(file_);
}

}  // namespace romwright::flash
