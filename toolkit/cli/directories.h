// SPDX-License-Identifier: GPL-2.0-or-later
// Where things are kept: manifests that ship with the program, backups, caches (XDG directories).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace romwright::cli {

/// The directories that hold `layouts/` and `vendorfiles/`: the one that belongs to the program
/// (beside an installed one, or the source tree of one run from its build), then `added`.
[[nodiscard]] std::vector<std::filesystem::path> manifest_directories(
    const std::vector<std::string>& added);

/// Backups, receipts and journals: $XDG_STATE_HOME/romwright, else ~/.local/state/romwright.
[[nodiscard]] std::filesystem::path state_directory();

/// Vendor files by their hash: $XDG_CACHE_HOME/romwright, else ~/.cache/romwright.
[[nodiscard]] std::filesystem::path cache_directory();

}  // namespace romwright::cli
