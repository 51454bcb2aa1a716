// SPDX-License-Identifier: GPL-2.0-or-later
// Which blocks are erased and what is programmed to turn one content into another: a pure function.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "flash/bus/flash.h"

namespace romwright::flash {

/// Steps in ascending order. Their data points into `current` and `wanted` of plan_erase, which
/// must outlive the plan, and into pages that the plan owns.
struct ErasePlan {
  std::vector<FlashStep> steps;
  /// What lies outside the allowed ranges and is erased and programmed back, ascending and
  /// disjoint.
  std::vector<Range> preserved;
  std::uint64_t erased_bytes = 0;
  std::uint64_t programmed_bytes = 0;
  std::chrono::nanoseconds time{0};                  ///< of all steps, from the geometry's times
  std::vector<std::shared_ptr<const Buffer>> pages;  ///< pages that mix current and wanted bytes

  [[nodiscard]] bool empty() const noexcept { return steps.empty(); }
};

/// The cheapest way, by the geometry's times, from `current` to `wanted` (both of the geometry's
/// size, else ImageError) inside the `allowed` ranges; outside them nothing changes.
///
/// A block is erased only where a bit must rise, a page programmed only where it differs or was
/// erased, a blank page never. First as few bytes as possible of `closed`, which the device does
/// not let be written, are touched; then as few as possible outside `allowed` are erased (and
/// programmed back); then time decides among all mixes of block sizes. Pages that touch `suspect`
/// count as neither blank nor equal: they are erased again, whatever they read as. Throws
/// RefusedError where no erase type covers a page that must be erased.
ErasePlan plan_erase(const Geometry& geometry, ConstBytes current, ConstBytes wanted,
                     std::span<const Range> allowed, std::span<const Range> suspect = {},
                     std::span<const Range> closed = {});

/// The ranges that the steps erase, ascending; neighbours are joined.
std::vector<Range> erased_ranges(std::span<const FlashStep> steps);
/// The ranges that a step erases or programs: its erase block, else each of its programs.
std::vector<Range> touched_ranges(const FlashStep& step);

/// What a step takes by the geometry's times.
std::chrono::nanoseconds expected_time(const Geometry& geometry, const FlashStep& step);

/// One line a step, as a dry run shows it: "erase 0x10000+0x10000, program 0x10000+0x8000".
std::vector<std::string> describe(std::span<const FlashStep> steps);

/// Equal when both do the same to the same bytes with the same data.
bool operator==(const Write& a, const Write& b);
bool operator==(const FlashStep& a, const FlashStep& b);

}  // namespace romwright::flash
