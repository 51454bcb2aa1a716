// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as Dell's older BIOS image, and as one compressed module: an Error is the only way
// out.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/vendor/dell/rom_bios_plus.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  using namespace romwright::vendor;
  constexpr std::uint64_t limit = 1 << 20;
  try {
    std::uint64_t sum = 0;
    for (const BiosModule& module : read_rom_bios_plus({data, size}, limit).modules)
      sum += module.content.size();
    if (sum > limit) __builtin_trap();
  } catch (const Error&) {
  }
  try {
    if (decompress_bios_module({data, size}, limit).size() > limit) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
