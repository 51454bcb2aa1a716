// SPDX-License-Identifier: GPL-2.0-or-later
// Decompresses bytes, the first one choosing the algorithm: an Error, or as many as declared.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/tiano.h"
#include "toolkit/images/formats/uefi/uefi_lzma.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  using namespace romwright::images;
  constexpr std::uint64_t limit = 1 << 20;
  if (size == 0) return 0;
  const ConstBytes stored(data + 1, size - 1);
  try {
    switch (data[0] % 4) {
      case 0:
      case 1: {
        const auto variant = data[0] % 4 == 0 ? TianoVariant::efi11 : TianoVariant::tiano;
        if (tiano_decompress(variant, stored, limit).size() != tiano_size(stored)) __builtin_trap();
        break;
      }
      default: {
        const LzmaFilter filter = data[0] % 4 == 2 ? LzmaFilter::none : LzmaFilter::x86;
        if (uefi_lzma_decompress(filter, stored, limit).size() != uefi_lzma_size(stored))
          __builtin_trap();
      }
    }
  } catch (const Error&) {
  }
  return 0;
}
