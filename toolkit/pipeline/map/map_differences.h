// SPDX-License-Identifier: GPL-2.0-or-later
// Puts the differences from another image on a map.
#pragma once

#include "toolkit/pipeline/map/image_diff.h"
#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// Marks the regions, areas and files of `map`, which shows the first image of `diff`; adds a lane
/// for what only the second image, called `other`, has or has elsewhere, and one for the erase
/// blocks of each size that differ. Where these are more than 400 runs, the lane is left out and a
/// note says so.
void mark_differences(ImageMap& map, const ImageDiff& diff, std::string_view other);

}  // namespace romwright::pipeline
