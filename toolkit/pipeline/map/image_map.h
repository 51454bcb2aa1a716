// SPDX-License-Identifier: GPL-2.0-or-later
// What a map of an image shows: lanes of areas with their places, hashes and problems.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/inspection.h"
#include "toolkit/pipeline/map/image_diff.h"

namespace romwright::pipeline {

enum class AreaKind {
  chip,
  region,      ///< of the flash descriptor
  fmap,        ///< of the FMAP
  file,        ///< of a CBFS
  free_space,  ///< of a CBFS
  blank,       ///< one value all over
  data,        ///< between blank runs
  blocks,      ///< erase blocks that differ
};

/// "chip", "descriptor region", "FMAP area", "CBFS file", "free space in CBFS", ...
[[nodiscard]] std::string_view to_string(AreaKind kind);

struct MapArea {
  AreaKind kind = AreaKind::data;
  std::string name;  ///< as the image has it: any bytes
  Range range;       ///< in the image, or outside of it where the image lies
  std::string about;
  std::size_t depth = 0;  ///< 0 outside, larger for areas inside others
  std::string sha256;     ///< hexadecimal; empty where it was not computed
  Problems problems;
  std::optional<Change> change;  ///< against the other image, where there is one
  std::string difference;        ///< the same in words
};

struct MapLane {
  std::string title;
  std::vector<MapArea> areas;  ///< by offset, the larger one first
};

struct ImageMap {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t extent = 0;  ///< what the map is drawn for: the size, or that of a larger second
  std::string sha256;
  std::vector<std::string> facts;  ///< chipset, ME, MAC: a line each
  std::vector<MapLane> lanes;      ///< none is empty
  Problems problems;               ///< all of the image
  std::string comparison;          ///< the result against another image; empty without one
};

/// The map of an image called `name`; with the chips of `board`, where it is given, and a problem
/// where they do not have the image's size. A CBFS of more than 500 entries has the largest, and a
/// problem that says so.
ImageMap map_image(ConstBytes image, const Inspection& found, std::string name,
                   const manifests::Board* board = nullptr);

/// Sorts the areas of a lane by offset, the larger one first, and gives each its depth: one more
/// than any earlier one that it overlaps, 15 at most. Of more than 500 areas the largest stay; the
/// others are counted in the result.
std::size_t arrange_areas(MapLane& lane);

}  // namespace romwright::pipeline
