// SPDX-License-Identifier: GPL-2.0-or-later
// The one line for a cache that is full, read-only or otherwise of no use.
#pragma once

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

/// Throws Error "PATH: cannot WHAT: REASON"; `error` is an errno.
[[noreturn]] inline void cache_failure(const std::filesystem::path& path, std::string_view what,
                                       int error) {
  throw Error(
      fmt::format("{}: cannot {}: {}", path.string(), what, std::generic_category().message(error)),
      "vendor files are kept there; XDG_CACHE_HOME names another place");
}

}  // namespace romwright::vendor
