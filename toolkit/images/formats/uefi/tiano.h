// SPDX-License-Identifier: GPL-2.0-or-later
// The compression of UEFI 1.1 and of Tiano: LZ77 under prefix codes, in blocks.
// Source: UEFI specification, "Compression Algorithm Specification".
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// They differ in the width of one field.
enum class TianoVariant { efi11, tiano };

/// The size that the header declares. Throws ImageError where the header or what it declares is not
/// there.
[[nodiscard]] std::uint64_t tiano_size(ConstBytes stored);
/// The content: as many bytes as the header declares, at most `limit`. Throws ImageError for
/// damaged data and for more than that.
[[nodiscard]] Buffer tiano_decompress(TianoVariant variant, ConstBytes stored, std::uint64_t limit);

}  // namespace romwright::images
