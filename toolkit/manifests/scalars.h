// SPDX-License-Identifier: GPL-2.0-or-later
// The words that manifests write numbers, sizes and ranges in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flash/base/range.h"

namespace romwright::manifests {

/// "12", "0x1000" and, with a unit, "64KiB", "12MiB", "1GiB": bytes. Nothing for anything else: a
/// sign, a space, a decimal number with a leading zero, more than 64 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// A size that may have a minus sign: "-0x208000".
std::optional<std::int64_t> parse_offset(std::string_view text);

/// "OFFSET+SIZE", both sizes: "0x3000+0x18000". Nothing where the end needs more than 64 bits.
std::optional<Range> parse_range(std::string_view text);

/// "true" or "false".
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace romwright::manifests
