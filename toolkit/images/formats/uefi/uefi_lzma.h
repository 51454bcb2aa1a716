// SPDX-License-Identifier: GPL-2.0-or-later
// LZMA in UEFI sections: a .lzma file, its x86 jumps made absolute or not. By liblzma.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// What the jumps of x86 code were converted to before the compression.
enum class LzmaFilter { none, x86 };

/// The size that the header declares. Throws ImageError where there is no header.
[[nodiscard]] std::uint64_t uefi_lzma_size(ConstBytes stored);
/// The content: as many bytes as the header declares, at most `limit`. Throws ImageError for
/// damaged data and for more than that.
[[nodiscard]] Buffer uefi_lzma_decompress(LzmaFilter filter, ConstBytes stored,
                                          std::uint64_t limit);

}  // namespace romwright::images
