// SPDX-License-Identifier: GPL-2.0-or-later
// Fills files up to the size of what they go to.
#pragma once

#include <cstdint>

#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// Each of `files`, filled up with `fill` to `size` bytes. Throws VendorError for a larger file,
/// and for more than the limits allow in memory.
[[nodiscard]] ExtractedFiles padded(const ExtractedFiles& files, std::uint64_t size,
                                    std::uint8_t fill, const ExtractLimits& limits);

}  // namespace romwright::vendor
