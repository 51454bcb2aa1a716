// SPDX-License-Identifier: GPL-2.0-or-later
// A file as memory: what is changed there is in the file, even when the process is killed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "flash/base/bytes.h"

namespace romwright::flash {

class MappedFile {
 public:
  /// Maps `path`, which is made with `size` bytes of `fill` where it is not there, and locks it
  /// against other processes. Throws NoDeviceError where it is in use, is of another size, or
  /// cannot be opened.
  MappedFile(const std::filesystem::path& path, std::uint64_t size, std::uint8_t fill);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] Bytes bytes() const noexcept { return {data_, size_}; }

 private:
  int file_ = -1;
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace romwright::flash
