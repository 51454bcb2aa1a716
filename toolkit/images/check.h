// SPDX-License-Identifier: GPL-2.0-or-later
// What is wrong with an image in itself, whatever board it is for.
#pragma once

#include "flash/base/bytes.h"
#include "flash/base/problem.h"

namespace romwright::images {

/// Size, flash descriptor, FMAP, CBFS, GbE and ME: every problem that can be found, not only the
/// first. Never throws on bad input.
Problems check_image(ConstBytes image);

}  // namespace romwright::images
