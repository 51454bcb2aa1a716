// SPDX-License-Identifier: GPL-2.0-or-later
// The files in which an operating system tells of its machine, below a root that tests choose.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Reads only. Paths are absolute, and looked up below the root; what is not there is no error.
class SystemFiles {
 public:
  /// `user` is the effective user id, `release` the kernel's, as `uname -r` prints it.
  SystemFiles(std::filesystem::path root, unsigned user, std::string release)
      : root_(std::move(root)), user_(user), release_(std::move(release)) {}
  /// Those of the machine that the program runs on.
  static SystemFiles of_machine();

  [[nodiscard]] unsigned user() const noexcept { return user_; }
  [[nodiscard]] const std::string& release() const noexcept { return release_; }
  /// At most `size` bytes from `offset` on; nothing where the file cannot be read.
  [[nodiscard]] std::optional<Buffer> bytes(const std::string& path, std::uint64_t offset,
                                            std::size_t size) const;
  /// The first 1 MiB of a text file, without the white space around it.
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  /// The names in a folder, sorted; none where it cannot be read.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  /// True when the file opens for reading.
  [[nodiscard]] bool readable(const std::string& path) const;
  /// What users may still write where `path` lies, or will lie when its folders are made.
  [[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path) const;
  /// Whether this process may write where `path` lies, or will lie when its folders are made.
  [[nodiscard]] bool writable(const std::filesystem::path& path) const;

 private:
  [[nodiscard]] std::filesystem::path place(const std::filesystem::path& path) const;

  std::filesystem::path root_;
  unsigned user_;
  std::string release_;
};

}  // namespace romwright::flash
