// SPDX-License-Identifier: GPL-2.0-or-later
// "Did you mean": the known name that is closest to a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace romwright {

/// The name of `known` with the smallest edit distance to `given`, when that is at most a third of
/// its length (at least 2); empty otherwise.
[[nodiscard]] std::string nearest(std::string_view given, std::span<const std::string_view> known);

}  // namespace romwright
