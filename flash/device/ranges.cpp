// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/ranges.h"

#include <algorithm>

namespace romwright::flash {

std::vector<Range> join(std::span<const Range> ranges) {
  std::vector<Range> sorted;
  for (const Range& range : ranges)
    if (!range.empty()) sorted.push_back(range);
  std::sort(sorted.begin(), sorted.end());
  std::vector<Range> joined;
  for (const Range& range : sorted) {
    if (joined.empty() || range.offset > joined.back().end())
      joined.push_back(range);
    else
      joined.back().size = std::max(joined.back().end(), range.end()) - joined.back().offset;
  }
  return joined;
}

std::vector<Range> subtract(Range range, std::span<const Range> holes) {
  std::vector<Range> rest;
  std::uint64_t at = range.offset;
  for (const Range& hole : holes) {
    const Range inside = range.intersect(hole);
    if (inside.empty()) continue;
    if (inside.offset > at) rest.push_back({at, inside.offset - at});
    at = inside.end();
  }
  if (range.end() > at) rest.push_back({at, range.end() - at});
  return rest;
}

std::vector<Range> intersect(Range range, std::span<const Range> set) {
  std::vector<Range> shared;
  for (const Range& other : set) {
    const Range inside = range.intersect(other);
    if (!inside.empty()) shared.push_back(inside);
  }
  return shared;
}

std::uint64_t total_size(std::span<const Range> ranges) noexcept {
  std::uint64_t total = 0;
  for (const Range& range : ranges) total += range.size;
  return total;
}

}  // namespace romwright::flash
