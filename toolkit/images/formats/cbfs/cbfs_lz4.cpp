// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_lz4.h"

#include <algorithm>
#include <memory>
#include <new>

#include <fmt/format.h>
#include <lz4frame.h>
#include <lz4hc.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

struct Free {
  void operator()(LZ4F_dctx* context) const noexcept { LZ4F_freeDecompressionContext(context); }
};

}  // namespace

Buffer lz4_compress(ConstBytes content) {
  LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
  preferences.frameInfo.blockSizeID = LZ4F_max4MB;
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;
  preferences.compressionLevel = LZ4HC_CLEVEL_MAX;
  Buffer stored(LZ4F_compressFrameBound(content.size(), &preferences));
  const std::size_t used = LZ4F_compressFrame(stored.data(), stored.size(), content.data(),
                                              content.size(), &preferences);
  if (LZ4F_isError(used) != 0)
    throw ImageError(fmt::format("cannot be compressed: {}", LZ4F_getErrorName(used)));
  stored.resize(used);
  return stored;
}

Buffer lz4_decompress(ConstBytes stored, std::uint64_t limit) {
  LZ4F_dctx* made = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0)
    throw std::bad_alloc();
  const std::unique_ptr<LZ4F_dctx, Free> context(made);
  Buffer content;
  Buffer piece(1 << 16);
  for (std::size_t hint = 1; hint != 0;) {
    std::size_t produced = piece.size();
    std::size_t consumed = stored.size();
    hint =
        LZ4F_decompress(context.get(), piece.data(), &produced, stored.data(), &consumed, nullptr);
    if (LZ4F_isError(hint) != 0)
      throw ImageError(fmt::format("its LZ4 data are damaged after {:#x} bytes: {}", content.size(),
                                   LZ4F_getErrorName(hint)));
    content.insert(content.end(), piece.begin(),
                   piece.begin() + static_cast<std::ptrdiff_t>(produced));
    if (content.size() > limit)
      throw ImageError(fmt::format("expands beyond {}", human_size(limit)));
    stored = stored.subspan(consumed);
    if (hint != 0 && produced == 0 && consumed == 0)
      throw ImageError(fmt::format("its LZ4 data end after {:#x} bytes", content.size()));
  }
  return content;
}

}  // namespace romwright::images
