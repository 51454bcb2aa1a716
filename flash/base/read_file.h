// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a whole file within a limit, and waits for a pipe no longer than wanted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "flash/base/bytes.h"

namespace romwright {

/// The content of `path`. Throws ImageError "PATH: REASON" where it cannot be read, is a directory,
/// or holds more than `limit` bytes; never reads further than that. Throws InterruptedError where a
/// stop is requested while a pipe or terminal lets it wait.
Buffer read_file(const std::filesystem::path& path, std::uint64_t limit,
                 const std::stop_token& stop = {});

}  // namespace romwright
