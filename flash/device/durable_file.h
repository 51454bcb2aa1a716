// SPDX-License-Identifier: GPL-2.0-or-later
// Files that are on the disk when the call returns: what OutputFile leaves to do.
#pragma once

#include <filesystem>
#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Writes `path` whole and durable (write_whole), and makes its folder where it is missing. Throws
/// Error "PATH: REASON"; then `path` is as it was.
void write_durable(const std::filesystem::path& path, ConstBytes content);

/// Removes the file, if it is there, and syncs its folder.
void remove_durable(const std::filesystem::path& path);

/// The content of a file that was written earlier. Throws ImageError where it is missing or no
/// longer what its hash says.
Buffer read_pinned(const std::filesystem::path& path, std::string_view sha512);

/// A file that only grows.
class AppendedFile {
 public:
  /// Opens a file that exists. Throws Error "PATH: REASON".
  explicit AppendedFile(std::filesystem::path path);
  AppendedFile(AppendedFile&& other) noexcept;
  AppendedFile& operator=(AppendedFile&&) = delete;
  ~AppendedFile();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void append(std::string_view text);
  /// On the disk when it returns.
  void sync();

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace romwright::flash
