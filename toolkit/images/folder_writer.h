// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a release to a folder.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "toolkit/images/release_writer.h"

namespace romwright::images {

/// The files are written to a folder with a temporary name, beside the wanted one or, where that
/// exists, in it; `finish` renames. Files of the same names are replaced, others stay. The parent
/// of the folder must exist. Members may be put in any order from several threads.
class FolderWriter final : public ReleaseWriter {
 public:
  FolderWriter(const std::filesystem::path& path, ReleaseContents contents, std::stop_token stop);
  ~FolderWriter() override;

  void put(std::string_view member, Buffer content) override;
  void finish() override;

 private:
  void move_files();

  std::filesystem::path path_;
  ReleaseContents contents_;
  std::stop_token stop_;
  std::filesystem::path staged_;  ///< the temporary folder; empty when it is gone
  bool existed_;                  ///< `path_` was there before
};

}  // namespace romwright::images
