// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/image_diff.h"

#include <algorithm>
#include <map>
#include <utility>

namespace romwright::pipeline {

namespace {

/// A named part of one image.
struct Part {
  std::string source, name;
  Range range;
  Range content;  ///< what is compared
};

std::vector<Part> region_parts(const Inspection& found) {
  std::vector<Part> parts;
  for (const images::Region& region : found.layout.regions)
    parts.push_back({region.source, region.name, region.range, region.range});
  return parts;
}

std::vector<Part> file_parts(const Inspection& found) {
  std::vector<Part> parts;
  for (const images::CbfsFile& file : found.cbfs)
    if (!file.empty()) parts.push_back({"cbfs", file.name, file.entry, file.data});
  return parts;
}

/// As much of a part's content as the image holds.
ConstBytes content_of(ConstBytes image, const Range& range) {
  const Range inside = range.intersect({0, image.size()});
  return inside.empty() ? ConstBytes{} : image.subspan(inside.offset, inside.size);
}

PartDifference compare(ConstBytes first_image, const Part& first, ConstBytes second_image,
                       const Part& second) {
  PartDifference found{first.source, first.name, first.range, second.range, Change::same, 0};
  found.differing_bytes = differing_bytes(content_of(first_image, first.content),
                                          content_of(second_image, second.content));
  if (found.differing_bytes != 0 || first.content.size != second.content.size)
    found.change = Change::changed;
  else if (first.range != second.range)
    found.change = Change::moved;
  return found;
}

std::vector<PartDifference> diff_parts(ConstBytes first_image, const std::vector<Part>& first,
                                       ConstBytes second_image, const std::vector<Part>& second) {
  // Where the parts of one name are in `second`, the next one to compare in front.
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> places;
  for (std::size_t i = second.size(); i-- > 0;)
    places[{second[i].source, second[i].name}].push_back(i);
  std::vector<PartDifference> all;
  std::vector<bool> met(second.size(), false);
  for (const Part& part : first) {
    auto& left = places[{part.source, part.name}];
    if (left.empty()) {
      all.push_back({part.source, part.name, part.range, std::nullopt, Change::only_first,
                     content_of(first_image, part.content).size()});
      continue;
    }
    met[left.back()] = true;
    all.push_back(compare(first_image, part, second_image, second[left.back()]));
    left.pop_back();
  }
  for (std::size_t i = 0; i < second.size(); ++i)
    if (!met[i])
      all.push_back({second[i].source, second[i].name, std::nullopt, second[i].range,
                     Change::only_second, content_of(second_image, second[i].content).size()});
  return all;
}

BlockDifference diff_blocks(ConstBytes first, ConstBytes second, std::uint64_t block_size) {
  const std::uint64_t size = std::max(first.size(), second.size());
  BlockDifference found{block_size, align_up(size, block_size) / block_size, 0, {}};
  for (std::uint64_t at = 0; at < size; at += block_size) {
    const Range block{at, std::min(block_size, size - at)};
    if (std::ranges::equal(content_of(first, block), content_of(second, block))) continue;
    ++found.changed;
    if (!found.runs.empty() && found.runs.back().end() == at)
      found.runs.back().size += block.size;
    else
      found.runs.push_back(block);
  }
  return found;
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::changed:
      return "changed";
    case Change::moved:
      return "moved";
    case Change::only_first:
      return "only in the first";
    case Change::only_second:
      return "only in the second";
  }
  return "";
}

std::uint64_t differing_bytes(ConstBytes first, ConstBytes second) noexcept {
  const std::size_t common = std::min(first.size(), second.size());
  std::uint64_t count = std::max(first.size(), second.size()) - common;
  // Mostly equal images: whole pages are compared at once before their bytes are counted.
  constexpr std::size_t page = 4096;
  for (std::size_t at = 0; at < common; at += page) {
    const std::size_t size = std::min(page, common - at);
    if (std::equal(first.begin() + at, first.begin() + at + size, second.begin() + at)) continue;
    for (std::size_t i = at; i < at + size; ++i) count += first[i] != second[i];
  }
  return count;
}

ImageDiff diff_images(ConstBytes first, const Inspection& first_found, ConstBytes second,
                      const Inspection& second_found) {
  ImageDiff diff;
  diff.first_size = first.size();
  diff.second_size = second.size();
  diff.differing_bytes = differing_bytes(first, second);
  diff.regions = diff_parts(first, region_parts(first_found), second, region_parts(second_found));
  diff.files = diff_parts(first, file_parts(first_found), second, file_parts(second_found));
  for (const std::uint64_t block_size : {std::uint64_t{4096}, std::uint64_t{65536}})
    diff.blocks.push_back(diff_blocks(first, second, block_size));
  return diff;
}

}  // namespace romwright::pipeline
