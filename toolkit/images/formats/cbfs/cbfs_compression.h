// SPDX-License-Identifier: GPL-2.0-or-later
// The compressed forms of CBFS contents: LZMA as a .lzma file with its size, LZ4 as a frame.
#pragma once

#include <cstddef>
#include <cstdint>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_types.h"

namespace romwright::images {

/// Nothing in CBFS may expand beyond this: the largest flash there is.
constexpr std::uint64_t max_decompressed_size = 64ULL << 20;

/// Compresses for coreboot's decoders. Throws ImageError for another algorithm than none, LZMA,
/// LZ4.
[[nodiscard]] Buffer cbfs_compress(CbfsCompression compression, ConstBytes content);
/// Exactly `size` bytes (at most `max_decompressed_size`); more, fewer, or damaged data are an
/// ImageError.
[[nodiscard]] Buffer cbfs_decompress(CbfsCompression compression, ConstBytes stored,
                                     std::uint64_t size);
/// As many bytes as there are, at most `limit`.
[[nodiscard]] Buffer cbfs_decompress_up_to(CbfsCompression compression, ConstBytes stored,
                                           std::uint64_t limit);

}  // namespace romwright::images
