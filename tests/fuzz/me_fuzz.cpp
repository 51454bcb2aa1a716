// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as a region of the Management Engine: an Error is the only way out.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/me.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  const ConstBytes region(data, size);
  try {
    const images::MeView me(region);
    if (!images::is_me_region(region)) __builtin_trap();
    for (const images::MePartition& part : me.partitions()) {
      if (part.has_data && !Range{0, size}.contains(part.range)) __builtin_trap();
      if (me.partition(part.name) == nullptr) __builtin_trap();
    }
    if (me.check().empty() && !me.version() && me.generation() < 3) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
