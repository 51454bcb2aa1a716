// SPDX-License-Identifier: GPL-2.0-or-later
// Every area of a map in words: the tables beside it.
#pragma once

#include <string>

#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// A table for each lane; `id="rN"` is the row of the area that is drawn as `id="aN"`.
[[nodiscard]] std::string area_list(const ImageMap& map);

}  // namespace romwright::pipeline
