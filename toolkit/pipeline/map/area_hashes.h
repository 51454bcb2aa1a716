// SPDX-License-Identifier: GPL-2.0-or-later
// The hashes of a map's areas, each range hashed once.
#pragma once

#include "flash/base/bytes.h"
#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// Fills in the SHA-256 of the image and of every area inside it. Areas may overlap, in hostile
/// images all of them: hashing ends when sixteen times the image's size are hashed, larger ranges
/// first.
void hash_areas(ImageMap& map, ConstBytes image);

}  // namespace romwright::pipeline
