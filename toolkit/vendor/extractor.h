// SPDX-License-Identifier: GPL-2.0-or-later
// What an extractor is: a step of a recipe, from the files there are to the files that go on. One
// file each in toolkit/vendor/extractors, which defines `extractor_<file>`; the build collects
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "flash/base/event.h"
#include "flash/base/table.h"
#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// A file on its way. `path` uses '/', relative, without ".."; where it came out of another it is
/// "setup.exe/app/x.bin".
struct ExtractedFile {
  std::string path;
  Content content;
};
using ExtractedFiles = std::vector<ExtractedFile>;

/// What extractors may use up.
struct ExtractLimits {
  std::uint64_t file_size = 4ULL << 30;   ///< of one file that comes out
  std::uint64_t total_size = 8ULL << 30;  ///< of all files of one step
  std::uint64_t in_memory = 16ULL << 20;  ///< a larger file goes to a file without a name
  std::size_t files = 20'000;             ///< that come out of one step
  int depth = 6;                          ///< containers within containers
};

/// Where extractors work.
struct Workshop {
  Run& run;
  std::filesystem::path folder;  ///< for temporary files; there is room
  ExtractLimits limits = {};
};

struct ExtractorEntry {
  std::string_view name;  ///< as recipes spell it
  /// Takes all files there are, and returns those that go on. `parameters` are as the schema of
  /// this extractor says (toolkit/manifests/recipe_schema.cpp). Throws VendorError or ImageError
  /// where nothing comes out, or what is there is damaged.
  ExtractedFiles (*extract)(const ExtractedFiles& files, const nlohmann::json& parameters,
                            Workshop& workshop);
};

/// Every extractor, by name.
Table<ExtractorEntry> extractors();

}  // namespace romwright::vendor
