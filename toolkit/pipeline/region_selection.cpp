// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/region_selection.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"
#include "toolkit/manifests/scalars.h"

namespace romwright::pipeline {

namespace {

/// A hexadecimal number, with or without 0x, that is all of `text`.
std::optional<std::uint64_t> parse_hex(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// START:END, END inclusive.
std::optional<Range> parse_inclusive(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto from = parse_hex(text.substr(0, colon));
  const auto to = parse_hex(text.substr(colon + 1));
  if (!from || !to || *to < *from || *to == UINT64_MAX) return std::nullopt;
  return Range{*from, *to - *from + 1};
}

std::optional<images::Region> parse_layout_line(std::string_view line) {
  const std::size_t space = line.find_first_of(" \t");
  if (space == std::string_view::npos) return std::nullopt;
  const auto range = parse_inclusive(line.substr(0, space));
  const std::size_t name = line.find_first_not_of(" \t", space);
  if (!range || name == std::string_view::npos) return std::nullopt;
  return images::Region{std::string(line.substr(name)), *range, "layout"};
}

std::vector<Range> merged(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<Range> result;
  for (const Range& range : ranges) {
    if (!result.empty() && range.offset <= result.back().end())
      result.back().size = std::max(result.back().end(), range.end()) - result.back().offset;
    else
      result.push_back(range);
  }
  return result;
}

}  // namespace

Range parse_range(std::string_view text) {
  const auto range = text.find(':') != std::string_view::npos ? parse_inclusive(text)
                                                              : manifests::parse_range(text);
  if (!range)
    throw UsageError(fmt::format("'{}' is no range", text),
                     "such as 0x10000+0x1000 or 10000:10fff");
  return *range;
}

std::vector<images::Region> parse_layout_file(std::string_view text, const std::string& file) {
  std::vector<images::Region> regions;
  std::vector<ImageError> errors;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    if (auto region = parse_layout_line(line))
      regions.push_back(std::move(*region));
    else
      errors.emplace_back(fmt::format("{}:{}: '{}' is no region", file, number, line),
                          "START:END NAME, hexadecimal, END inclusive");
  }
  throw_all(errors);
  return regions;
}

std::vector<Range> select_regions(const RegionSelection& selection,
                                  std::span<const images::Region> known, std::uint64_t size) {
  std::vector<Range> ranges;
  for (const std::string& name : selection.names) {
    const auto at = std::find_if(known.begin(), known.end(),
                                 [&](const images::Region& region) { return region.name == name; });
    if (at == known.end()) {
      std::vector<std::string_view> names;
      for (const images::Region& region : known) names.push_back(region.name);
      const std::string close = nearest(name, names);
      throw UsageError(fmt::format("--region {}: no such region", name),
                       known.empty()   ? "no layout was found"
                       : close.empty() ? fmt::format("known: {}", fmt::join(names, ", "))
                                       : fmt::format("did you mean '{}'?", close));
    }
    if (!Range{0, size}.contains(at->range))
      throw RefusedError(fmt::format("region {}: {} lies outside the chip's {}", name,
                                     to_string(at->range), human_size(size)));
    ranges.push_back(at->range);
  }
  return merged(std::move(ranges));
}

}  // namespace romwright::pipeline
