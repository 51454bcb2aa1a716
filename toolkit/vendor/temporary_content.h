// SPDX-License-Identifier: GPL-2.0-or-later
// Content of unknown size on its way in: small in memory, large in a file without a name.
#pragma once

#include <cstdint>
#include <filesystem>

#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// Maps `path` for reading; the content stays when the file is removed. Throws ImageError
/// "PATH: REASON" where it cannot be read or is no regular file; a symbolic link is not followed.
Content map_file(const std::filesystem::path& path);

/// Collects bytes. Where they become more than `in_memory`, they go to an unnamed temporary file
/// in `folder`, which the system removes with the last copy of the content.
class ContentWriter {
 public:
  ContentWriter(std::filesystem::path folder, std::uint64_t in_memory)
      : folder_(std::move(folder)), in_memory_(in_memory) {}
  ContentWriter(const ContentWriter&) = delete;
  ContentWriter& operator=(const ContentWriter&) = delete;
  ~ContentWriter();

  /// Throws Error "FOLDER: cannot write a temporary file: REASON".
  void write(ConstBytes bytes);
  /// Goes on at `offset`, which lies behind all that was written; the bytes between are 0.
  void skip_to(std::uint64_t offset);
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// True where the bytes lie in memory.
  [[nodiscard]] bool in_memory() const noexcept { return file_ < 0; }
  /// What was written; the object is spent afterwards.
  [[nodiscard]] Content finish();

 private:
  [[noreturn]] void fail(int error) const;
  void spill();

  std::filesystem::path folder_;
  std::uint64_t in_memory_;
  Buffer bytes_;  ///< while `file_` is -1
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace romwright::vendor
