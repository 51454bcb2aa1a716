// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/image_map.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/pipeline/map/area_hashes.h"
#include "toolkit/pipeline/map/blank_runs.h"
#include "toolkit/pipeline/split.h"

namespace romwright::pipeline {

namespace {

constexpr std::size_t most_areas = 500;
constexpr std::size_t most_blank_runs = 150;
constexpr std::size_t deepest = 15;

MapArea area(AreaKind kind, std::string name, Range range, std::string about = "") {
  MapArea made;
  made.kind = kind;
  made.name = std::move(name);
  made.range = range;
  made.about = std::move(about);
  return made;
}

MapLane chip_lane(const manifests::Board* board, std::uint64_t size, Problems& problems) {
  MapLane lane{"Chips", {}};
  if (board == nullptr || board->chips.empty()) return lane;
  for (const ChipPart& part : chip_parts(*board))
    lane.areas.push_back(
        area(AreaKind::chip, part.chip, part.range, "file of split: " + part.file));
  if (const std::uint64_t end = lane.areas.back().range.end(); end != size)
    problems.push_back({Severity::warning, "chips",
                        fmt::format("those of {} hold {} together, the image has {}", board->name,
                                    human_size(end), human_size(size)),
                        ""});
  return lane;
}

MapLane region_lane(const Inspection& found, std::string_view source, AreaKind kind,
                    std::string title) {
  MapLane lane{std::move(title), {}};
  for (const images::Region& region : found.layout.regions)
    if (region.source == source) lane.areas.push_back(area(kind, region.name, region.range));
  return lane;
}

std::string about_file(const images::CbfsFile& file) {
  std::string about = "type " + images::cbfs_type_name(file.type);
  if (file.compression != images::CbfsCompression::none)
    about += fmt::format(", {}, {} decompressed", images::to_string(file.compression),
                         human_size(file.decompressed_size));
  return about;
}

MapLane cbfs_lane(const Inspection& found, Problems& problems) {
  MapLane lane{"CBFS", {}};
  for (const images::CbfsFile& file : found.cbfs)
    lane.areas.push_back(file.empty()
                             ? area(AreaKind::free_space, "free space", file.entry)
                             : area(AreaKind::file, file.name, file.entry, about_file(file)));
  const std::size_t all = lane.areas.size();
  if (const std::size_t hidden = arrange_areas(lane); hidden > 0)
    problems.push_back(
        {Severity::note, "CBFS",
         fmt::format("it has {} entries; the map shows the largest {}", all, all - hidden), ""});
  return lane;
}

MapLane content_lane(ConstBytes image) {
  MapLane lane{"Content", {}};
  std::uint64_t at = 0;
  const auto data_until = [&](std::uint64_t end) {
    if (end > at) lane.areas.push_back(area(AreaKind::data, "data", {at, end - at}));
  };
  for (const BlankRun& run : main_blank_runs(image, most_blank_runs)) {
    data_until(run.range.offset);
    lane.areas.push_back(area(AreaKind::blank, fmt::format("blank {:#04x}", run.value), run.range));
    at = run.range.end();
  }
  data_until(image.size());
  return lane;
}

/// The place that a check names: "region me", "FMAP area COREBOOT", "GbE part 2", ...
bool concerns(const Problem& problem, const MapArea& area) {
  const std::string_view where = problem.where;
  if (area.kind == AreaKind::region)
    return where == "region " + area.name ||
           (area.name == "fd" && where.starts_with("flash descriptor")) ||
           (area.name == "gbe" && where.starts_with("GbE")) ||
           (area.name == "me" && where.starts_with("ME region"));
  if (area.kind == AreaKind::fmap)
    return where == "FMAP area " + area.name || (area.name == "FMAP" && where == "FMAP") ||
           (area.name == "COREBOOT" && where.starts_with("CBFS"));
  return false;
}

void mark_problems(ImageMap& map) {
  const Range whole{0, map.size};
  for (MapLane& lane : map.lanes)
    for (MapArea& area : lane.areas) {
      for (const Problem& problem : map.problems)
        if (concerns(problem, area)) area.problems.push_back(problem);
      if (area.problems.empty() && !whole.contains(area.range)) {
        area.problems.push_back({Severity::error,
                                 fmt::format("{} {}", to_string(area.kind), area.name),
                                 fmt::format("{} lies outside the image's {}",
                                             to_string(area.range), human_size(map.size)),
                                 ""});
        // Of the chips together it is told already.
        if (area.kind != AreaKind::chip) map.problems.push_back(area.problems.back());
      }
    }
}

std::vector<std::string> facts_of(const Inspection& found) {
  std::vector<std::string> facts;
  if (!found.chipset.empty()) facts.push_back("descriptor for " + found.chipset);
  if (found.me)
    facts.push_back(fmt::format("{} {}{}", found.me->variant(),
                                found.me->version()
                                    ? fmt::format("{}", fmt::join(*found.me->version(), "."))
                                    : "of unknown version",
                                found.me->cleaned() ? ", cleaned" : ""));
  if (found.me_disabled) facts.push_back("ME switched off by the descriptor");
  if (found.mac) facts.push_back("MAC " + images::to_string(*found.mac));
  return facts;
}

}  // namespace

std::string_view to_string(AreaKind kind) {
  switch (kind) {
    case AreaKind::chip:
      return "chip";
    case AreaKind::region:
      return "descriptor region";
    case AreaKind::fmap:
      return "FMAP area";
    case AreaKind::file:
      return "CBFS file";
    case AreaKind::free_space:
      return "free space in CBFS";
    case AreaKind::blank:
      return "blank space";
    case AreaKind::data:
      return "data";
    case AreaKind::blocks:
      return "erase blocks that differ";
  }
  return "";
}

std::size_t arrange_areas(MapLane& lane) {
  std::size_t hidden = 0;
  if (lane.areas.size() > most_areas) {
    hidden = lane.areas.size() - most_areas;
    std::ranges::stable_sort(lane.areas, std::greater{},
                             [](const MapArea& area) { return area.range.size; });
    lane.areas.resize(most_areas);
  }
  std::ranges::stable_sort(lane.areas, [](const MapArea& a, const MapArea& b) {
    return a.range.offset != b.range.offset ? a.range.offset < b.range.offset
                                            : a.range.size > b.range.size;
  });
  for (std::size_t i = 0; i < lane.areas.size(); ++i) {
    std::size_t depth = 0;
    for (std::size_t j = 0; j < i && depth < deepest; ++j)
      if (lane.areas[j].range.overlaps(lane.areas[i].range))
        depth = std::max(depth, std::min(lane.areas[j].depth + 1, deepest));
    lane.areas[i].depth = depth;
  }
  return hidden;
}

ImageMap map_image(ConstBytes image, const Inspection& found, std::string name,
                   const manifests::Board* board) {
  ImageMap map;
  map.name = std::move(name);
  map.size = map.extent = image.size();
  map.facts = facts_of(found);
  map.problems = found.problems;
  map.lanes = {chip_lane(board, image.size(), map.problems),
               region_lane(found, "ifd", AreaKind::region, "Descriptor"),
               region_lane(found, "fmap", AreaKind::fmap, "FMAP"), cbfs_lane(found, map.problems),
               content_lane(image)};
  std::erase_if(map.lanes, [](const MapLane& lane) { return lane.areas.empty(); });
  for (MapLane& lane : map.lanes) arrange_areas(lane);
  mark_problems(map);
  hash_areas(map, image);
  return map;
}

}  // namespace romwright::pipeline
