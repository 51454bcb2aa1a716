// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/area_hashes.h"

#include <algorithm>
#include <map>
#include <utility>

#include <tbb/parallel_for_each.h>

#include "flash/base/digest.h"

namespace romwright::pipeline {

void hash_areas(ImageMap& map, ConstBytes image) {
  const Range whole{0, image.size()};
  std::map<Range, std::string> hashes{{whole, ""}};
  for (const MapLane& lane : map.lanes)
    for (const MapArea& area : lane.areas)
      if (whole.contains(area.range)) hashes[area.range];

  std::vector<std::pair<const Range, std::string>*> work;
  for (auto& entry : hashes) work.push_back(&entry);
  std::ranges::stable_sort(work, std::greater{},
                           [](const auto* entry) { return entry->first.size; });
  std::uint64_t left = 16 * image.size();
  const auto enough = std::ranges::find_if(work, [&left](const auto* entry) {
    if (entry->first.size > left) return true;
    left -= entry->first.size;
    return false;
  });
  tbb::parallel_for_each(work.begin(), enough, [image](auto* entry) {
    entry->second = hex_digest(Hash::sha256, image.subspan(entry->first.offset, entry->first.size));
  });

  map.sha256 = hashes[whole];
  for (MapLane& lane : map.lanes)
    for (MapArea& area : lane.areas)
      if (const auto found = hashes.find(area.range); found != hashes.end())
        area.sha256 = found->second;
}

}  // namespace romwright::pipeline
