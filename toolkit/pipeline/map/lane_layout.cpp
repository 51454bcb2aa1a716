// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/lane_layout.h"

#include <algorithm>

#include <fmt/format.h>

namespace romwright::pipeline {

namespace {

constexpr double gap = 1.0;

std::size_t columns(const MapLane& lane) {
  std::size_t deepest = 0;
  for (const MapArea& area : lane.areas) deepest = std::max(deepest, area.depth);
  return deepest + 1;
}

/// The share of a lane: what is named in it needs room, what is not does with less.
double weight(const MapLane& lane) {
  const double more = 0.5 * static_cast<double>(columns(lane) - 1);
  switch (lane.areas.front().kind) {
    case AreaKind::file:
    case AreaKind::free_space:
      return 2 + more;
    case AreaKind::blocks:
      return 0.9;
    default:
      return 1.3 + more;
  }
}

}  // namespace

std::vector<Stripe> lane_stripes(const std::vector<MapLane>& lanes) {
  double whole = 0;
  for (const MapLane& lane : lanes) whole += weight(lane);
  std::vector<Stripe> stripes;
  double x = 0;
  for (const MapLane& lane : lanes) {
    const double width = (100 - gap * static_cast<double>(lanes.size() - 1)) * weight(lane) / whole;
    stripes.push_back({x, width});
    x += width + gap;
  }
  return stripes;
}

std::vector<Stripe> area_stripes(const MapLane& lane, Stripe lane_stripe) {
  const double column = lane_stripe.width / static_cast<double>(columns(lane));
  std::vector<Stripe> stripes;
  for (const MapArea& area : lane.areas) {
    std::size_t end = columns(lane);
    for (const MapArea& other : lane.areas)
      if (other.depth > area.depth && other.range.overlaps(area.range))
        end = std::min(end, other.depth);
    stripes.push_back({lane_stripe.x + column * static_cast<double>(area.depth),
                       column * static_cast<double>(end - area.depth)});
  }
  return stripes;
}

std::string percent(double value) {
  std::string text = fmt::format("{:.4f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + "%";
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::vector<std::uint64_t> axis_ticks(std::uint64_t extent, unsigned pixels,
                                      unsigned least_pixels) {
  std::uint64_t step = 1;
  while (static_cast<double>(step) * pixels < static_cast<double>(extent) * least_pixels) step *= 2;
  std::vector<std::uint64_t> ticks;
  for (std::uint64_t at = 0; at < extent; at += step) ticks.push_back(at);
  return ticks;
}

}  // namespace romwright::pipeline
