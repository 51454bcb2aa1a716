// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/fmap.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::string_view signature = "__FMAP__";
constexpr std::size_t area_size = 42;
constexpr std::size_t name_size = 32;
/// Far more than any map has; bounds what false signatures make us read.
constexpr std::size_t most_areas = 256;

/// A name of printable characters, NUL-padded; empty where it is none. Areas of early Chromebooks
/// have spaces in their names.
std::string printable_name(ConstBytes field) {
  std::string name = c_string(field);
  const bool printable =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? name : std::string();
}

std::optional<FmapArea> parse_area(ConstBytes entry, std::uint64_t map_size) {
  FmapArea area;
  area.range = {load_le<std::uint32_t>(entry, 0), load_le<std::uint32_t>(entry, 4)};
  if (!Range{0, map_size}.contains(area.range)) return std::nullopt;
  area.name = printable_name(entry.subspan(8, name_size));
  if (area.name.empty()) return std::nullopt;
  area.flags = load_le<std::uint16_t>(entry, 40);
  return area;
}

bool same_map(const Fmap& a, const Fmap& b) {
  return a.base == b.base && a.size == b.size && a.name == b.name && a.areas == b.areas;
}

}  // namespace

const FmapArea* Fmap::area(std::string_view area_name) const {
  const auto at = std::find_if(areas.begin(), areas.end(),
                               [&](const FmapArea& area) { return area.name == area_name; });
  return at == areas.end() ? nullptr : &*at;
}

std::size_t Fmap::depth(std::size_t index) const {
  const Range& inner = areas.at(index).range;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (i != index && areas[i].range.contains(inner) && (areas[i].range != inner || i < index))
      ++depth;
  return depth;
}

std::optional<std::size_t> fmap_length(ConstBytes header) {
  if (header.size() < fmap_header_size || c_string(header.first(8)) != signature)
    return std::nullopt;
  const std::size_t count = load_le<std::uint16_t>(header, 54);
  if (header[8] != 1 || count > most_areas) return std::nullopt;
  return fmap_header_size + count * area_size;
}

std::optional<Fmap> parse_fmap(ConstBytes bytes, std::uint64_t offset, std::uint64_t image_size) {
  const auto length = fmap_length(bytes);
  if (!length || *length > bytes.size()) return std::nullopt;
  Fmap map;
  map.where = {offset, *length};
  map.base = load_le<std::uint64_t>(bytes, 10);
  map.size = load_le<std::uint32_t>(bytes, 18);
  map.name = printable_name(bytes.subspan(22, name_size));
  if (map.name.empty() || map.name.size() == name_size || map.size == 0 || map.size > image_size ||
      !Range{0, image_size}.contains(map.where))
    return std::nullopt;
  for (std::size_t at = fmap_header_size; at < *length; at += area_size) {
    auto area = parse_area(bytes.subspan(at, area_size), map.size);
    if (!area) return std::nullopt;
    map.areas.push_back(std::move(*area));
  }
  return map;
}

std::optional<Fmap> find_fmap(ConstBytes image) {
  std::optional<Fmap> found;
  std::uint64_t next = 0;
  for (auto at = find_bytes(image, as_bytes(signature)); at;
       at = find_bytes(image, as_bytes(signature), next)) {
    std::optional<Fmap> map = parse_fmap(image.subspan(*at), *at, image.size());
    next = map ? map->where.end() : *at + 1;
    if (!map) continue;
    if (!found)
      found = std::move(map);
    else if (!same_map(*found, *map))
      throw ImageError(fmt::format("FMAP: two valid maps that differ, at {:#x} and {:#x}",
                                   found->where.offset, map->where.offset));
  }
  return found;
}

}  // namespace romwright::images
