// SPDX-License-Identifier: GPL-2.0-or-later
// A bundle: vendor files in a tar archive, for machines without a network.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/event.h"

namespace romwright::vendor {

struct BundledFile {
  std::string recipe;
  std::string name;
  Buffer content;
};

/// Where it lies in a bundle, or in a folder of vendor files: "RECIPE/NAME".
[[nodiscard]] std::string bundled_path(const std::string& recipe, const std::string& name);

/// Throws UsageError where `path` does not say which archive it is: .tar or .tar.xz.
void require_bundle_name(const std::filesystem::path& path);

/// Writes `files` and SHA512SUMS, which `sha512sum -c` reads, to `path`. The same files give the
/// same bytes. Throws as require_bundle_name, Error where it cannot be written, and
/// InterruptedError; then nothing is there.
void write_bundle(const std::filesystem::path& path, const std::vector<BundledFile>& files,
                  Run& run);

}  // namespace romwright::vendor
