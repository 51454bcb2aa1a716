// SPDX-License-Identifier: GPL-2.0-or-later
// The map as a page that needs nothing else.
#pragma once

#include <string>

#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// An HTML page with everything inside; its content security policy admits its own style and script
/// by their hashes, and nothing from anywhere. Without scripts it has the map, the problems, and
/// the list of all areas.
[[nodiscard]] std::string html_page(const ImageMap& map);

}  // namespace romwright::pipeline
