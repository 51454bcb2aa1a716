// SPDX-License-Identifier: GPL-2.0-or-later
// Names and paths of files as patterns with *, ? and [...] name them.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// Whether `name` is as `pattern` says. Case does not count: the packages come from systems where
/// it does not either.
[[nodiscard]] bool name_matches(std::string_view pattern, std::string_view name);
/// Whether the last parts of `path`, as many as the pattern has, are as it says; '*' stays within a
/// part. "ROM.CAB/Rom.bin" matches "sp1.exe/ROM.CAB/Rom.bin".
[[nodiscard]] bool path_matches(std::string_view pattern, std::string_view path);

/// "a.bin, b.bin and 12 more": what there is, for a message.
[[nodiscard]] std::string list_paths(const ExtractedFiles& files);

}  // namespace romwright::vendor
