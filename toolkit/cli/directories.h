// SPDX-License-Identifier: GPL-2.0-or-later
// Where things are kept: manifests that ship with the program, backups, caches (XDG directories).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/manifests/configuration.h"

namespace romwright::cli {

/// The directories that hold `layouts/` and `vendorfiles/`: the one that belongs to the program
/// (beside an installed one, or the source tree of one run from its build), then `added`.
[[nodiscard]] std::vector<std::filesystem::path> manifest_directories(
    const std::vector<std::string>& added);

/// What is said where those hold nothing.
inline constexpr std::string_view no_manifests =
    "there are no manifests beside the program: name their folder with --manifests";

/// The user's settings: $XDG_CONFIG_HOME/romwright/config.yaml, else
/// ~/.config/romwright/config.yaml; empty where there is no home.
[[nodiscard]] std::filesystem::path configuration_file();
/// The user's home, or empty.
[[nodiscard]] std::filesystem::path home_directory();

/// Backups and receipts: where the configuration says, else `backups` in the state directory.
[[nodiscard]] std::filesystem::path backup_directory(const manifests::Configuration& configuration);

/// Journals, and backups where nothing else is configured: $XDG_STATE_HOME/romwright, else
/// ~/.local/state/romwright.
[[nodiscard]] std::filesystem::path state_directory();

/// Vendor files by their hash: $XDG_CACHE_HOME/romwright, else ~/.cache/romwright.
[[nodiscard]] std::filesystem::path cache_directory();

}  // namespace romwright::cli
