// SPDX-License-Identifier: GPL-2.0-or-later
// LZ4 as CBFS holds it: one frame of independent blocks.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Compresses into a frame without checksums, whose blocks do not refer to each other: coreboot's
/// decoder reads no other.
[[nodiscard]] Buffer lz4_compress(ConstBytes content);
/// Decompresses at most `limit` bytes; more, or damaged data, are an ImageError.
[[nodiscard]] Buffer lz4_decompress(ConstBytes stored, std::uint64_t limit);

}  // namespace romwright::images
