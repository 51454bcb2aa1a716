// SPDX-License-Identifier: GPL-2.0-or-later
// The map as a picture that needs nothing else.
#pragma once

#include <string>

#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// An SVG file, 1000 pixels wide, without scripts and references: browsers show what an area is
/// when the pointer is on it or the keyboard's focus.
[[nodiscard]] std::string svg_page(const ImageMap& map);

}  // namespace romwright::pipeline
