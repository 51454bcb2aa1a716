// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/blank_runs.h"

#include <algorithm>
#include <cstring>

namespace romwright::pipeline {

namespace {

/// Whether all of `block` (not empty) is its first byte.
bool uniform(ConstBytes block) noexcept {
  return std::memcmp(block.data(), block.data() + 1, block.size() - 1) == 0;
}

}  // namespace

std::vector<BlankRun> blank_runs(ConstBytes image, std::uint64_t least) {
  // A run of `least` bytes holds a whole aligned block of half that length, so only blocks that are
  // uniform need a closer look.
  const std::uint64_t step = (least + 1) / 2;
  std::vector<BlankRun> runs;
  std::uint64_t done = 0;  // what lies before is in a run, or in none
  for (std::uint64_t at = 0; at < image.size() && image.size() - at >= step; at += step) {
    const std::uint8_t value = image[at];
    if (at < done || (value != 0xff && value != 0x00) || !uniform(image.subspan(at, step)))
      continue;
    std::uint64_t from = at;
    while (from > done && image[from - 1] == value) --from;
    const auto rest = image.subspan(at + step);
    const auto other =
        std::ranges::find_if(rest, [value](std::uint8_t byte) { return byte != value; });
    done = at + step + static_cast<std::uint64_t>(other - rest.begin());
    if (done - from >= least) runs.push_back({{from, done - from}, value});
  }
  return runs;
}

std::vector<BlankRun> main_blank_runs(ConstBytes image, std::size_t most) {
  std::uint64_t least = 4096;
  std::vector<BlankRun> runs = blank_runs(image, least);
  while (runs.size() > most) {
    least *= 2;
    std::erase_if(runs, [least](const BlankRun& run) { return run.range.size < least; });
  }
  return runs;
}

}  // namespace romwright::pipeline
