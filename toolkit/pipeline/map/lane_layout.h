// SPDX-License-Identifier: GPL-2.0-or-later
// Where a map's lanes and areas are drawn: percentages of its width and height.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "toolkit/pipeline/map/image_map.h"

namespace romwright::pipeline {

/// A part of the width, in percent.
struct Stripe {
  double x = 0, width = 0;
};

/// The lanes from left to right over the whole width, with gaps; a lane of areas inside others is
/// wider.
[[nodiscard]] std::vector<Stripe> lane_stripes(const std::vector<MapLane>& lanes);

/// The stripe of each area of a lane: a column for each depth, an area reaching to the right up to
/// the first column in which something lies on it.
[[nodiscard]] std::vector<Stripe> area_stripes(const MapLane& lane, Stripe lane_stripe);

/// "12.5%": with four digits behind the point at most.
[[nodiscard]] std::string percent(double value);
/// The same for `part` of `whole`; "0%" of nothing.
[[nodiscard]] std::string percent(std::uint64_t part, std::uint64_t whole);

/// Offsets to write beside a map: multiples of a power of two, at least `least_pixels` apart on
/// a map of `extent` bytes and `pixels`.
[[nodiscard]] std::vector<std::uint64_t> axis_ticks(std::uint64_t extent, unsigned pixels,
                                                    unsigned least_pixels);

}  // namespace romwright::pipeline
