// SPDX-License-Identifier: GPL-2.0-or-later
// A folder of its own for a program, empty at first, removed with all that is in it.
#pragma once

#include <filesystem>

namespace romwright::vendor {

/// Where large temporary files go: `preferred`, made if need be, or the system's folder for them
/// where that is empty or cannot be written to.
[[nodiscard]] std::filesystem::path roomy_folder(const std::filesystem::path& preferred);

class PrivateFolder {
 public:
  /// Within `parent`, with access for the user only. Throws Error "PARENT: cannot make a folder:
  /// REASON".
  explicit PrivateFolder(const std::filesystem::path& parent);
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace romwright::vendor
