// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/device_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/read_file.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t largest_text = 64U << 10;

class OpenFile final : public DeviceFile {
 public:
  explicit OpenFile(int file) : file_(file) {}
  ~OpenFile() override { ::close(file_); }

  int control(unsigned long request, void* argument) override {
    const int result = ::ioctl(file_, request, argument);
    return result < 0 ? -errno : result;
  }
  std::ptrdiff_t read_at(std::uint64_t offset, Bytes into) override {
    const ssize_t size = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    return size < 0 ? -errno : size;
  }
  std::ptrdiff_t write_at(std::uint64_t offset, ConstBytes data) override {
    const ssize_t size = ::pwrite(file_, data.data(), data.size(), static_cast<off_t>(offset));
    return size < 0 ? -errno : size;
  }

 private:
  int file_;
};

class Machine final : public Kernel {
 public:
  OpenedFile open(const std::string& path, bool writable) override {
    const int file = ::open(path.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (file < 0) return {nullptr, errno};
    auto opened = std::make_unique<OpenFile>(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) return {nullptr, EBUSY};
    return {std::move(opened), 0};
  }
  std::optional<std::string> text(const std::string& path) override {
    try {
      const Buffer bytes = read_file(path, largest_text);
      std::string text(bytes.begin(), bytes.end());
      text.erase(text.find_last_not_of(" \t\r\n") + 1);
      return text;
    } catch (const ImageError&) {
      return std::nullopt;
    }
  }
  std::vector<std::string> names(const std::string& folder) override {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
      names.push_back(at->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::optional<std::string> resolve(const std::string& path) override {
    std::error_code error;
    const std::filesystem::path found = std::filesystem::canonical(path, error);
    return error ? std::nullopt : std::optional(found.string());
  }
  [[nodiscard]] std::size_t page_size() const override {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }
};

}  // namespace

Kernel& machine_kernel() {
  static Machine machine;
  return machine;
}

std::string error_text(int error) { return std::generic_category().message(error); }

void throw_not_opened(const std::string& path, int error, std::string_view group,
                      const std::vector<std::string>& others) {
  if (error == EBUSY)
    throw NoDeviceError(fmt::format("{}: in use by another program", path), "wait until it ends");
  if (error == EACCES || error == EPERM)
    throw NoDeviceError(
        fmt::format("{}: no permission", path),
        group.empty() ? "run it as root"
                      : fmt::format("add yourself to the group '{}', or run it as root", group));
  if (error == ENOENT || error == ENXIO || error == ENODEV)
    throw NoDeviceError(fmt::format("{}: there is no such device", path),
                        others.empty() ? "is its kernel driver loaded?"
                                       : fmt::format("there is {}", fmt::join(others, ", ")));
  throw NoDeviceError(fmt::format("{}: {}", path, error_text(error)));
}

}  // namespace romwright::flash
