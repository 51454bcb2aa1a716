// SPDX-License-Identifier: GPL-2.0-or-later
// What was found in a release, remembered: its listing and its ROMs' hashes.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "toolkit/images/release.h"

namespace romwright::pipeline {

struct ReleaseIndex {
  images::ReleaseListing listing;
  std::map<std::string, std::string> sha256;  ///< by member: of ROMs that a plan wanted, as stored
};

/// Indexes in a folder, one file a release; several processes may use it at once.
class ReleaseIndexes {
 public:
  explicit ReleaseIndexes(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The index of the release at `path`, where it was kept under the same `stamp`.
  [[nodiscard]] std::optional<ReleaseIndex> find(const std::filesystem::path& path,
                                                 const std::string& stamp) const;
  /// Throws Error where it cannot be written.
  void keep(const std::filesystem::path& path, const std::string& stamp,
            const ReleaseIndex& index) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::filesystem::path& path) const;
  std::filesystem::path folder_;
};

}  // namespace romwright::pipeline
