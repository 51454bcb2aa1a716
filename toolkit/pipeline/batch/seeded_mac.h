// SPDX-License-Identifier: GPL-2.0-or-later
// MAC addresses that look random and are always the same.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/images/formats/gbe.h"

namespace romwright::pipeline {

/// A MAC of `pattern` ("random", or as images::make_mac takes it) whose free digits follow from
/// `seed` alone, on every machine. Throws UsageError as make_mac.
[[nodiscard]] images::Mac seeded_mac(std::string_view pattern, std::string_view seed);

}  // namespace romwright::pipeline
