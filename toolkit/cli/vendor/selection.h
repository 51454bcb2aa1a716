// SPDX-License-Identifier: GPL-2.0-or-later
// Which vendor files a subcommand is about.
#pragma once

#include <string>
#include <vector>

#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"
#include "toolkit/pipeline/needed_files.h"

namespace romwright::cli {

/// --board, RECIPE, --all, --manifests.
struct VendorSelection {
  std::vector<std::string> boards;
  std::vector<std::string> recipes;
  bool all = false;
  ManifestOptions manifests;

  void declare(Arguments& command);
  /// True where nothing was named.
  [[nodiscard]] bool nothing() const { return boards.empty() && recipes.empty() && !all; }
  /// Throws UsageError where nothing was named; `command` ("fetch") is for its hint.
  void require_any(const std::string& command) const;
  /// What was named; everything where nothing was.
  [[nodiscard]] std::vector<pipeline::NeededFile> files() const;
};

/// "me.bin (me-ivybridge)".
[[nodiscard]] std::string title_of(const vendor::WantedFile& file);
/// {name, recipe, size, sha512, boards}; size is null where the recipe does not say it.
[[nodiscard]] Json to_json(const pipeline::NeededFile& needed);

}  // namespace romwright::cli
