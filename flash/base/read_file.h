// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a whole file within a limit.
#pragma once

#include <cstdint>
#include <filesystem>

#include "flash/base/bytes.h"

namespace romwright {

/// The content of `path`. Throws ImageError "PATH: REASON" where it cannot be read, is a directory,
/// or holds more than `limit` bytes; never reads further than that.
Buffer read_file(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace romwright
