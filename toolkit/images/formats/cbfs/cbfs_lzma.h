// SPDX-License-Identifier: GPL-2.0-or-later
// LZMA as CBFS holds it: the 13-byte header of .lzma files with the size, and no end marker.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Compresses with parameters that coreboot's decoder has room for (lc + lp <= 3).
[[nodiscard]] Buffer lzma_compress(ConstBytes content);
/// Decompresses at most `limit` bytes; more, or damaged data, are an ImageError.
[[nodiscard]] Buffer lzma_decompress(ConstBytes stored, std::uint64_t limit);

}  // namespace romwright::images
