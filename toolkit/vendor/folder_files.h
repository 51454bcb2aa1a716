// SPDX-License-Identifier: GPL-2.0-or-later
// The files that a program wrote into a folder.
#pragma once

#include <filesystem>

#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor {

/// The regular files below `folder`, mapped, each as "PREFIX/NAME", in the order of their paths.
/// Symbolic links are not followed. Throws ImageError where they exceed the budget; `packed` is the
/// size of what they came from.
ExtractedFiles files_in_folder(const std::filesystem::path& folder, const std::string& prefix,
                               std::uint64_t packed, UnpackBudget& budget);

}  // namespace romwright::vendor
