// SPDX-License-Identifier: GPL-2.0-or-later
// Sets of ranges: sorted, joined, subtracted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "flash/base/range.h"

namespace romwright::flash {

/// Ascending and disjoint; overlapping and adjoining ranges are joined, empty ones left out.
[[nodiscard]] std::vector<Range> join(std::span<const Range> ranges);
/// The parts of `range` that lie in none of `holes`, which are as join() leaves them.
[[nodiscard]] std::vector<Range> subtract(Range range, std::span<const Range> holes);
/// The parts of `range` that lie in `set`, which is as join() leaves it.
[[nodiscard]] std::vector<Range> intersect(Range range, std::span<const Range> set);
/// The sum of the sizes.
[[nodiscard]] std::uint64_t total_size(std::span<const Range> ranges) noexcept;

}  // namespace romwright::flash
