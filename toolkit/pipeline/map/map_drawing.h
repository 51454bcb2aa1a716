// SPDX-License-Identifier: GPL-2.0-or-later
// The elements that the SVG file and the HTML page share: boxes of areas to scale, titles, axis.
#pragma once

#include <string>

#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// The height of a map, in pixels; the width is whatever there is.
inline constexpr unsigned map_height = 800;
/// An area that is lower has no label; one that is lower than `least_target` takes the pointer
/// around it too, and one below `least_drawn` is drawn that high.
inline constexpr double label_height = 16, least_target = 8, least_drawn = 2;

/// How areas are told to whom does not see them, and shown on hover without a script.
enum class AreaRole {
  button,  ///< for the page, whose script shows the details of what is chosen
  figure,  ///< for a picture: with lines that style rules show for the area in focus
};

/// Patterns that the style refers to.
[[nodiscard]] std::string draw_patterns();
/// The lanes' titles, each as an <svg> of its own that clips it.
[[nodiscard]] std::string draw_titles(const ImageMap& map);
/// Offsets, right-aligned, for an <svg> of the map's height.
[[nodiscard]] std::string draw_axis(const ImageMap& map);
/// A <g> for each lane, and in it one for each area that lies in the map. `id="aN"` counts all
/// areas, drawn or not, through all lanes.
[[nodiscard]] std::string draw_lanes(const ImageMap& map, AreaRole role);

/// "0x00123000"
[[nodiscard]] std::string offset_text(std::uint64_t offset);
/// "12 MiB (12 582 912 bytes)"; only bytes where these are not whole KiB.
[[nodiscard]] std::string size_text(std::uint64_t size);
/// "Error", "Warning", "Note".
[[nodiscard]] std::string_view severity_text(Severity severity);

}  // namespace romwright::pipeline
