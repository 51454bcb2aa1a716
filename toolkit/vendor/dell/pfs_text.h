// SPDX-License-Identifier: GPL-2.0-or-later
// Names and texts of Dell's packages, as files have them.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// `name` with '_' in place of what file names cannot have.
[[nodiscard]] std::string pfs_safe_name(std::string_view name);
/// The extension for `content`: ".txt" for model information, whose items are put on lines of their
/// own and whose end mark is cut off, ".xml", or ".bin".
[[nodiscard]] const char* pfs_text(Content& content);

}  // namespace romwright::vendor
