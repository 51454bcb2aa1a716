// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/size_check.h"

#include <algorithm>

namespace romwright::flash {
namespace {

constexpr std::uint64_t samples = 32;
constexpr std::size_t sample_size = 256;

/// True when the upper half of [0, size) reads as the lower one, and that means something.
bool repeats(Flash& flash, std::uint64_t size, Run& run) {
  Buffer lower(sample_size), upper(sample_size);
  bool telling = false;
  for (std::uint64_t i = 0; i < samples; ++i) {
    const std::uint64_t offset = size / 2 / samples * i;
    flash.read(offset, lower, run);
    flash.read(offset + size / 2, upper, run);
    if (lower != upper) return false;
    telling = telling || !all_equal(lower, lower[0]);
  }
  return telling;
}

}  // namespace

std::uint64_t repeating_size(Flash& flash, Run& run) {
  std::uint64_t size = flash.geometry().size;
  while (size / 2 >= samples * sample_size && repeats(flash, size, run)) size /= 2;
  return size;
}

}  // namespace romwright::flash
