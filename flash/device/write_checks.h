// SPDX-License-Identifier: GPL-2.0-or-later
// What refuses a write before the first erase.
#pragma once

#include <span>
#include <vector>

#include "flash/base/range.h"
#include "flash/bus/flash.h"

namespace romwright::flash {

/// Throws RefusedError unless `image_size` is the device's and every range lies inside it.
void check_extent(const Geometry& geometry, std::uint64_t image_size,
                  std::span<const Range> allowed);

/// The parts of the device that cannot be read, in pieces of its smallest erase block.
std::vector<Range> unreadable_ranges(Flash& flash);

/// What stands against a write, before it is known which blocks it touches.
struct WriteLimits {
  std::vector<Protection> protections;  ///< as the device tells them
  bool unprotect = false;               ///< removable ones do not count
  /// What is written although the device is uncertain of it: what the user has named.
  std::vector<Range> named = {};
};

/// The parts of the device that may not be written, in pieces of its smallest erase block.
std::vector<Range> closed_ranges(Flash& flash, const WriteLimits& limits);

/// Throws when a step touches what may not be written: ProtectedError for protections, RefusedError
/// for what access() denies, or what it is uncertain of and the user has not named; all ranges are
/// listed.
void check_writable(Flash& flash, std::span<const FlashStep> steps, const WriteLimits& limits);

/// The smallest block, of any erase type, that holds `offset`; absent where none does.
std::optional<Erase> smallest_block(const Geometry& geometry, std::uint64_t offset);

}  // namespace romwright::flash
