// SPDX-License-Identifier: GPL-2.0-or-later
// Looks for the Management Engine in bytes: nothing throws, and what is found lies within.
#include <cstdint>

#include "toolkit/images/formats/me_search.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  for (const images::MePlace& place : images::find_me({data, size}))
    if (place.range.empty() || !Range{0, size}.contains(place.range)) __builtin_trap();
  return 0;
}
