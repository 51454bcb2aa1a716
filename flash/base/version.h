// SPDX-License-Identifier: GPL-2.0-or-later
// The version of romwright, as `--version` and receipts state it.
#pragma once

#include <string_view>

namespace romwright {

/// "0.1.0"
extern const std::string_view version;

}  // namespace romwright
