// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as an image with EC firmware: an Error, or two parts within.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/kbc1126.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  try {
    for (const Range& part : images::read_kbc1126({data, size}).parts)
      if (part.size <= 4 || !Range{0, size}.contains(part)) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
