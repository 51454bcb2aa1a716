// SPDX-License-Identifier: GPL-2.0-or-later
// The one byte that keeps an incomplete ROM from being flashed.
#pragma once

#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Images of flash chips are multiples of this many bytes: the smallest erase block.
inline constexpr std::uint64_t image_granularity = 4096;

enum class Padding {
  none,   ///< a multiple of 4 KiB
  byte,   ///< a multiple of 4 KiB and one byte 0x00, with which Libreboot pads a stripped ROM
  wrong,  ///< anything else, no bytes at all included
};

[[nodiscard]] Padding padding_of(ConstBytes image) noexcept;

/// Takes the padding byte off; true when there was one. Throws ImageError "WHAT: ..." for a size
/// that is no image's, with or without it.
bool remove_padding(Buffer& image, std::string_view what);

}  // namespace romwright::images
