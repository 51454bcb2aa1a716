// SPDX-License-Identifier: GPL-2.0-or-later
// Moves an Intel FSP component to another address, as coreboot does for code executed in place.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// The FSP of `fsp` relocated to `address`. Throws ImageError where it is no FSP component.
[[nodiscard]] Buffer relocate_fsp(ConstBytes fsp, std::uint32_t address);
/// The image base in the FSP header: the address that the component is made for.
[[nodiscard]] std::uint32_t fsp_image_base(ConstBytes fsp);

}  // namespace romwright::images
