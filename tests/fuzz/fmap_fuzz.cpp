// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as an image with an FMAP: an Error is the only way out.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/fmap.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  const ConstBytes image(data, size);
  const Range whole{0, size};
  try {
    const auto map = images::find_fmap(image);
    if (!map) return 0;
    if (!whole.contains(map->where) || map->size > size) __builtin_trap();
    for (std::size_t i = 0; i < map->areas.size() && i < 256; ++i) {
      const images::FmapArea& area = map->areas[i];
      if (!whole.contains(area.range) || area.name.empty()) __builtin_trap();
      if (map->depth(i) >= map->areas.size() || map->area(area.name) == nullptr) __builtin_trap();
    }
  } catch (const Error&) {
  }
  return 0;
}
