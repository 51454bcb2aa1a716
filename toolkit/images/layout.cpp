// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/layout.h"

#include <algorithm>

#include "toolkit/images/formats/fmap.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {

namespace {

void add_sorted(Layout& layout, std::vector<Region> regions) {
  std::stable_sort(regions.begin(), regions.end(), [](const Region& a, const Region& b) {
    return a.range.offset != b.range.offset ? a.range.offset < b.range.offset
                                            : a.range.size > b.range.size;
  });
  layout.regions.insert(layout.regions.end(), regions.begin(), regions.end());
}

}  // namespace

const Region* Layout::find(std::string_view name) const {
  const auto at = std::ranges::find(regions, name, &Region::name);
  return at == regions.end() ? nullptr : &*at;
}

Layout image_layout(ConstBytes image) {
  Layout layout;
  if (const auto ifd = find_ifd(image)) {
    std::vector<Region> regions;
    for (const IfdRegion& region : ifd->regions())
      regions.push_back({std::string(region.name), region.range, "ifd"});
    add_sorted(layout, std::move(regions));
  }
  if (const auto fmap = find_fmap(image)) {
    std::vector<Region> regions;
    for (const FmapArea& area : fmap->areas) regions.push_back({area.name, area.range, "fmap"});
    add_sorted(layout, std::move(regions));
  }
  return layout;
}

}  // namespace romwright::images
