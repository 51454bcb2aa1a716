// SPDX-License-Identifier: GPL-2.0-or-later
// Proves a recipe from its addresses to its results.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toolkit/vendor/download.h"

namespace romwright::vendor {

struct FullCheck {
  std::vector<UrlCheck> addresses;   ///< alive: it gave the pinned package
  std::string problem;               ///< why the results did not come out of it; empty: they did
  std::vector<std::string> details;  ///< what came out instead
};

/// Downloads the package of `recipe`, which has one, from each of its addresses into `folder`, and
/// runs the recipe once on it. Nothing that the cache has is taken for an answer. Throws
/// InterruptedError, and Error where the folder cannot be written.
[[nodiscard]] FullCheck check_in_full(const manifests::Recipe& recipe,
                                      const std::filesystem::path& folder,
                                      const DownloadLimits& limits, Run& run);

}  // namespace romwright::vendor
