// SPDX-License-Identifier: GPL-2.0-or-later
// A BIOS image as blocks for Intel BIOS Guard (PFAT), in a PFS volume of their own.
#pragma once

#include "flash/base/bytes.h"

namespace romwright::vendor {

/// Whether `data`, an entry's, is a PFS volume of such blocks, made for a Dell.
[[nodiscard]] bool is_bios_guard_volume(ConstBytes data);
/// The image that the blocks make up, each at its place, 0xff between them. Throws ImageError for
/// damaged blocks, for two at one place, and for more than `limit` bytes.
[[nodiscard]] Buffer join_bios_guard_blocks(ConstBytes data, std::uint64_t limit);

}  // namespace romwright::vendor
