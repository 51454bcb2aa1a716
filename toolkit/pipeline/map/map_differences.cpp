// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/map_differences.h"

#include <algorithm>

#include <fmt/format.h>

namespace romwright::pipeline {

namespace {

constexpr std::size_t most_runs = 400;

std::string bytes_differ(std::uint64_t count) {
  return count == 1 ? "1 byte differs" : fmt::format("{} bytes differ", count);
}

std::string in_words(const PartDifference& part) {
  switch (part.change) {
    case Change::same:
      return "the same in both";
    case Change::changed:
      return fmt::format(
          "changed: {}{}", bytes_differ(part.differing_bytes),
          *part.first == *part.second ? "" : ", in the second at " + to_string(*part.second));
    case Change::moved:
      return "the same content, in the second at " + to_string(*part.second);
    case Change::only_first:
      return "only in the first image";
    case Change::only_second:
      return "only in the second image";
  }
  return "";
}

AreaKind kind_of(const PartDifference& part) {
  return part.source == "ifd"    ? AreaKind::region
         : part.source == "fmap" ? AreaKind::fmap
                                 : AreaKind::file;
}

void mark(ImageMap& map, const PartDifference& part) {
  const AreaKind kind = kind_of(part);
  for (MapLane& lane : map.lanes)
    for (MapArea& area : lane.areas)
      if (area.kind == kind && area.range == *part.first && area.name == part.name) {
        area.change = part.change;
        area.difference = in_words(part);
      }
}

/// What lies elsewhere in the second image, or only there.
MapLane lane_of_second(const std::vector<PartDifference>& parts, std::string title) {
  MapLane lane{std::move(title), {}};
  for (const PartDifference& part : parts) {
    if (!part.second || (part.first && *part.first == *part.second)) continue;
    MapArea& area = lane.areas.emplace_back();
    area.kind = kind_of(part);
    area.name = part.name;
    area.range = *part.second;
    area.change = part.change;
    area.difference = part.first ? fmt::format("{}; in the first at {}", to_string(part.change),
                                               to_string(*part.first))
                                 : "only in the second image";
  }
  arrange_areas(lane);
  return lane;
}

MapLane lane_of_blocks(const BlockDifference& blocks) {
  MapLane lane{human_size(blocks.block_size), {}};
  for (const Range& run : blocks.runs) {
    MapArea& area = lane.areas.emplace_back();
    area.kind = AreaKind::blocks;
    const std::uint64_t count = align_up(run.size, blocks.block_size) / blocks.block_size;
    area.name = fmt::format("{} block{}", count, count == 1 ? "" : "s");
    area.range = run;
    area.change = Change::changed;
    area.difference = fmt::format("{} of {} differ{}", area.name, human_size(blocks.block_size),
                                  count == 1 ? "s" : "");
  }
  return lane;
}

}  // namespace

void mark_differences(ImageMap& map, const ImageDiff& diff, std::string_view other) {
  map.comparison =
      diff.identical()
          ? fmt::format("identical to {}", other)
          : fmt::format("compared with {}: {}, in {} of {} blocks of {}", other,
                        bytes_differ(diff.differing_bytes), diff.blocks.front().changed,
                        diff.blocks.front().blocks, human_size(diff.blocks.front().block_size));
  // What only the second image has lies behind the end of the first.
  map.extent = std::max(diff.first_size, diff.second_size);
  for (const auto* parts : {&diff.regions, &diff.files})
    for (const PartDifference& part : *parts)
      if (part.first) mark(map, part);
  std::vector<MapLane> lanes{lane_of_second(diff.regions, "Regions, second"),
                             lane_of_second(diff.files, "CBFS, second")};
  for (const BlockDifference& blocks : diff.blocks) {
    if (blocks.runs.size() <= most_runs)
      lanes.push_back(lane_of_blocks(blocks));
    else
      map.problems.push_back({Severity::note, "comparison",
                              fmt::format("{} runs of {} blocks differ: too many to draw",
                                          blocks.runs.size(), human_size(blocks.block_size)),
                              ""});
  }
  std::erase_if(lanes, [](const MapLane& lane) { return lane.areas.empty(); });
  map.lanes.insert(map.lanes.end(), lanes.begin(), lanes.end());
}

}  // namespace romwright::pipeline
