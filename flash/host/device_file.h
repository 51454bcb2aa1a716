// SPDX-License-Identifier: GPL-2.0-or-later
// The operating system's device files and the small text files of sysfs, as a seam that tests fill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// An opened device file. Results below 0 are a negated errno.
class DeviceFile {
 public:
  DeviceFile() = default;
  DeviceFile(const DeviceFile&) = delete;
  DeviceFile& operator=(const DeviceFile&) = delete;
  virtual ~DeviceFile() = default;
  /// ioctl(2); `argument` is what `request` says.
  virtual int control(unsigned long request, void* argument) = 0;
  /// Bytes read or written at `offset`; fewer than asked is possible.
  virtual std::ptrdiff_t read_at(std::uint64_t offset, Bytes into) = 0;
  virtual std::ptrdiff_t write_at(std::uint64_t offset, ConstBytes data) = 0;
};

/// What `open` brought: a file, or why there is none (an errno; EBUSY where another process holds
/// the lock).
struct OpenedFile {
  std::unique_ptr<DeviceFile> file;
  int error = 0;
};

class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;
  /// Opens the device file, and locks it against other processes.
  virtual OpenedFile open(const std::string& path, bool writable) = 0;
  /// What a small text file holds, without the white space at its end; nothing where it cannot be
  /// read.
  virtual std::optional<std::string> text(const std::string& path) = 0;
  /// The names in a folder, sorted; none where it cannot be read.
  virtual std::vector<std::string> names(const std::string& folder) = 0;
  /// Where `path` is once its symbolic links are followed; nothing where it is not.
  virtual std::optional<std::string> resolve(const std::string& path) = 0;
  /// The size of a page of memory.
  [[nodiscard]] virtual std::size_t page_size() const = 0;
};

/// The machine's own.
Kernel& machine_kernel();

/// The text of an errno: "Permission denied".
std::string error_text(int error);

/// Why `path` could not be opened, as the NoDeviceError to throw. `group` owns such files where
/// they are set up for users, empty where only root has them.
[[noreturn]] void throw_not_opened(const std::string& path, int error, std::string_view group,
                                   const std::vector<std::string>& others);

}  // namespace romwright::flash
