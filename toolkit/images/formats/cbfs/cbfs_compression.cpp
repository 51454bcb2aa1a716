// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_compression.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_lz4.h"
#include "toolkit/images/formats/cbfs/cbfs_lzma.h"

namespace romwright::images {
namespace {

[[noreturn]] void unsupported(CbfsCompression compression) {
  throw ImageError(fmt::format("compression {} is not supported", to_string(compression)),
                   "none, LZMA and LZ4 are");
}

}  // namespace

Buffer cbfs_compress(CbfsCompression compression, ConstBytes content) {
  switch (compression) {
    case CbfsCompression::none:
      return {content.begin(), content.end()};
    case CbfsCompression::lzma:
      return lzma_compress(content);
    case CbfsCompression::lz4:
      return lz4_compress(content);
    default:
      unsupported(compression);
  }
}

Buffer cbfs_decompress_up_to(CbfsCompression compression, ConstBytes stored, std::uint64_t limit) {
  if (limit > max_decompressed_size)
    throw ImageError(fmt::format("declares {}, which is more than any flash holds ({})",
                                 human_size(limit), human_size(max_decompressed_size)));
  switch (compression) {
    case CbfsCompression::none:
      if (stored.size() > limit)
        throw ImageError(fmt::format("holds {:#x} bytes, where at most {:#x} are allowed",
                                     stored.size(), limit));
      return {stored.begin(), stored.end()};
    case CbfsCompression::lzma:
      return lzma_decompress(stored, limit);
    case CbfsCompression::lz4:
      return lz4_decompress(stored, limit);
    default:
      unsupported(compression);
  }
}

Buffer cbfs_decompress(CbfsCompression compression, ConstBytes stored, std::uint64_t size) {
  Buffer content = cbfs_decompress_up_to(compression, stored, size);
  if (content.size() != size)
    throw ImageError(
        fmt::format("holds {:#x} bytes, where its header declares {:#x}", content.size(), size));
  return content;
}

}  // namespace romwright::images
