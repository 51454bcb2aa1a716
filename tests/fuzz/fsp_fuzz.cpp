// SPDX-License-Identifier: GPL-2.0-or-later
// Splits bytes as an FSP: an Error is the only way out, and components do not overlap.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/fsp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  try {
    std::uint64_t end = 0;
    for (const images::FspComponent& component : images::read_fsp({data, size})) {
      if (component.range.offset < end || !Range{0, size}.contains(component.range))
        __builtin_trap();
      end = component.range.end();
    }
    if (end == 0) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
