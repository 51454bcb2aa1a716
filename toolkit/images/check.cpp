// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/check.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/fmap.h"
#include "toolkit/images/formats/gbe.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/images/formats/me.h"
#include "toolkit/images/padding.h"

namespace romwright::images {

namespace {

void append(Problems& all, Problems more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Runs `body`; an error that leaves it is one more problem.
template <typename Body>
void collect(Problems& all, std::string_view where, Body body) {
  try {
    body();
  } catch (const Error& error) {
    std::string_view what = error.what();
    const std::string prefix = fmt::format("{}: ", where);
    if (what.starts_with(prefix)) what.remove_prefix(prefix.size());
    all.push_back({Severity::error, std::string(where), std::string(what), error.hint()});
  }
}

void check_size(Problems& all, ConstBytes image) {
  switch (padding_of(image)) {
    case Padding::none:
      break;
    case Padding::byte:
      all.push_back({Severity::error, "image",
                     "it still has its padding byte: vendor files are missing",
                     "romwright prepare"});
      break;
    case Padding::wrong:
      all.push_back({Severity::error, "image",
                     fmt::format("{} are no flash chip's size", human_size(image.size())), ""});
  }
}

/// The part of the image that a region names, where it lies inside.
std::optional<ConstBytes> region_bytes(ConstBytes image, const IfdView& ifd,
                                       std::string_view name) {
  const auto range = ifd.region(name);
  if (!range || !Range{0, image.size()}.contains(*range)) return std::nullopt;
  return image.subspan(range->offset, range->size);
}

void check_descriptor(Problems& all, ConstBytes image) {
  const auto ifd = find_ifd(image);
  if (!ifd) return;
  append(all, ifd->check());
  if (const auto gbe = region_bytes(image, *ifd, "gbe"))
    collect(all, "region gbe", [&] { append(all, GbeView(*gbe).check()); });
  const auto me = region_bytes(image, *ifd, "me");
  if (me && !all_equal(*me, 0xff))
    collect(all, "region me", [&] { append(all, MeView(*me).check()); });
}

/// Each area that crosses the border of another one, with the first such.
void check_nesting(Problems& all, const Fmap& map) {
  for (auto area = map.areas.begin(); area != map.areas.end(); ++area) {
    const auto crossing =
        std::find_if(std::next(area), map.areas.end(), [&](const FmapArea& other) {
          return area->range.overlaps(other.range) && !area->range.contains(other.range) &&
                 !other.range.contains(area->range);
        });
    if (crossing != map.areas.end())
      all.push_back({Severity::warning, fmt::format("FMAP area {}", area->name),
                     fmt::format("{} overlaps area {} {}", to_string(area->range), crossing->name,
                                 to_string(crossing->range)),
                     ""});
  }
}

/// The areas that FMAP names after the descriptor's regions, as coreboot spells them.
void check_against_descriptor(Problems& all, const Fmap& map, const IfdView& ifd) {
  struct Pair {
    std::string_view area, region;
  };
  constexpr std::array pairs{Pair{"SI_DESC", "fd"}, Pair{"SI_BIOS", "bios"}, Pair{"SI_ME", "me"},
                             Pair{"SI_GBE", "gbe"}, Pair{"SI_PDR", "pd"},    Pair{"SI_EC", "ec"}};
  for (const Pair& pair : pairs) {
    const FmapArea* area = map.area(pair.area);
    const auto region = ifd.region(pair.region);
    if (area != nullptr && region && area->range != *region)
      all.push_back({Severity::warning, fmt::format("FMAP area {}", pair.area),
                     fmt::format("{}, but the descriptor's region {} is {}", to_string(area->range),
                                 pair.region, to_string(*region)),
                     ""});
  }
}

void check_map(Problems& all, ConstBytes image) {
  const auto map = find_fmap(image);
  if (!map) return;
  if (map->size != image.size())
    all.push_back({Severity::warning, "FMAP",
                   fmt::format("it is for an image of {}, this one has {}", human_size(map->size),
                               human_size(image.size())),
                   ""});
  check_nesting(all, *map);
  // A damaged descriptor is told where it is checked itself.
  try {
    if (const auto ifd = find_ifd(image)) check_against_descriptor(all, *map, *ifd);
  } catch (const ImageError&) {
  }
}

}  // namespace

Problems check_image(ConstBytes image) {
  Problems all;
  check_size(all, image);
  if (padding_of(image) == Padding::byte) image = image.first(image.size() - 1);
  collect(all, "flash descriptor", [&] { check_descriptor(all, image); });
  collect(all, "FMAP", [&] { check_map(all, image); });
  collect(all, "CBFS", [&] {
    if (const auto region = locate_cbfs(image)) (void)CbfsView(image, *region).files();
  });
  return all;
}

}  // namespace romwright::images
