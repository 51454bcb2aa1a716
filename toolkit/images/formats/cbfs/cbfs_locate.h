// SPDX-License-Identifier: GPL-2.0-or-later
// Where an image's CBFS lies: an FMAP area, or what a master header says.
#pragma once

#include <optional>
#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::images {

/// The FMAP area of that name; without an FMAP and for "COREBOOT", the CBFS of the master header
/// that the last four bytes point to (older images; it lies in the bootblock or in a file). Nothing
/// where neither is there. Throws ImageError for an FMAP area or header that contradicts the image.
[[nodiscard]] std::optional<Range> locate_cbfs(ConstBytes image,
                                               std::string_view area = "COREBOOT");

}  // namespace romwright::images
