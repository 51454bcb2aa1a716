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

/// Throws when a step touches what may not be written: ProtectedError for protections (removable
/// ones only unless `unprotect`), RefusedError for what access() denies, or what it is uncertain of
/// and the user has not `named`; all ranges are named.
void check_writable(Flash& flash, std::span<const FlashStep> steps, bool unprotect,
                    std::span<const Range> named = {});

/// The smallest block, of any erase type, that holds `offset`; absent where none does.
std::optional<Erase> smallest_block(const Geometry& geometry, std::uint64_t offset);

}  // namespace romwright::flash
