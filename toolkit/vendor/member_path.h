// SPDX-License-Identifier: GPL-2.0-or-later
// The path of a file within a container, made safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace romwright::vendor {

/// `path` with '/' between its parts and without "." and empty parts; '\' counts as '/'. Nothing
/// where it is absolute (a drive letter too), has a part "..", is empty, longer than 4096
/// characters or holds a control character.
std::optional<std::string> member_path(std::string_view path);

}  // namespace romwright::vendor
