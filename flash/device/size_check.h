// SPDX-License-Identifier: GPL-2.0-or-later
// Is a chip as large as it says?
#pragma once

#include <cstdint>

#include "flash/bus/flash.h"

namespace romwright::flash {

/// Addresses beyond a chip's true size wrap around: every sample of the upper half reads as the
/// lower half does. Returns the size at which the content begins to repeat, or the device's own
/// size where it does not, or where it is too blank to tell.
std::uint64_t repeating_size(Flash& flash, Run& run);

}  // namespace romwright::flash
