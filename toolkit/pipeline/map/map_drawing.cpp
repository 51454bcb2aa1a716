// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/map_drawing.h"

#include <algorithm>

#include <fmt/format.h>

#include "toolkit/pipeline/map/lane_layout.h"
#include "toolkit/pipeline/map/page_text.h"

namespace romwright::pipeline {

namespace {

std::string_view kind_class(AreaKind kind) {
  switch (kind) {
    case AreaKind::chip:
      return "k-chip";
    case AreaKind::region:
      return "k-region";
    case AreaKind::fmap:
      return "k-fmap";
    case AreaKind::file:
      return "k-file";
    case AreaKind::free_space:
      return "k-free";
    case AreaKind::blank:
      return "k-blank";
    case AreaKind::data:
    case AreaKind::blocks:
      return "k-data";
  }
  return "";
}

std::string_view change_class(Change change) {
  switch (change) {
    case Change::same:
      return "";
    case Change::changed:
      return " c-changed";
    case Change::moved:
      return " c-moved";
    case Change::only_first:
      return " c-first";
    case Change::only_second:
      return " c-second";
  }
  return "";
}

/// What tells a change without its colour.
std::string_view change_sign(const MapArea& area) {
  switch (area.change.value_or(Change::same)) {
    case Change::same:
      return "";
    case Change::changed:
      return "≠ ";
    case Change::moved:
      return "↷ ";
    case Change::only_first:
      return "− ";
    case Change::only_second:
      return "+ ";
  }
  return "";
}

Severity worst(const Problems& problems) {
  return std::ranges::max_element(problems, {}, &Problem::severity)->severity;
}

std::string_view problem_class(const MapArea& area) {
  if (area.problems.empty()) return "";
  switch (worst(area.problems)) {
    case Severity::note:
      return " p-note";
    case Severity::warning:
      return " p-warning";
    case Severity::error:
      return " p-error";
  }
  return "";
}

/// The lines that tell an area: name and kind, place, hash, difference, problems.
std::vector<std::string> lines_of(const MapArea& area) {
  std::vector<std::string> lines{fmt::format("{}, {}", shown_name(area.name), to_string(area.kind)),
                                 fmt::format("offset {}, size {}", offset_text(area.range.offset),
                                             size_text(area.range.size))};
  if (!area.about.empty()) lines[0] += ", " + shown_name(area.about);
  if (!area.sha256.empty()) lines.push_back("SHA-256 " + area.sha256);
  if (!area.difference.empty()) lines.push_back(escaped(area.difference));
  for (const Problem& problem : area.problems)
    lines.push_back(
        fmt::format("{}: {}", severity_text(problem.severity), shown_name(problem.message)));
  return lines;
}

std::string tip(const std::vector<std::string>& lines) {
  std::string text = R"(<text class="tip" y="100%" aria-hidden="true">)";
  for (const std::string& line : lines)
    text += fmt::format(R"(<tspan x="0" dy="17">{}</tspan>)", line);
  return text + "</text>";
}

void draw_area(std::string& out, const ImageMap& map, const MapArea& area, std::size_t index,
               bool odd, Stripe stripe, AreaRole role) {
  const Range range = area.range.intersect({0, map.extent});
  const double height = static_cast<double>(map_height) * static_cast<double>(range.size) /
                        static_cast<double>(map.extent);
  const bool marked = !area.problems.empty();
  const auto lines = lines_of(area);
  const bool tiny = height < label_height;
  out += fmt::format(
      R"(<g class="a {}{}{}{}{}" id="a{}" data-o="{}" data-s="{}" tabindex="0" role="{}">)",
      kind_class(area.kind), odd ? " odd" : "", tiny ? " tiny" : "",
      change_class(area.change.value_or(Change::same)), problem_class(area), index, range.offset,
      range.size, role == AreaRole::button ? "button" : "img");
  out += fmt::format("<title>{}</title>", fmt::join(lines, "\n"));
  out += fmt::format(R"(<svg x="{}" y="{}" width="{}" height="{}"{}>)", percent(stripe.x),
                     percent(range.offset, map.extent), percent(stripe.width),
                     percent(range.size, map.extent),
                     height < least_target ? R"( overflow="visible")" : "");
  if (height < least_target)
    out += fmt::format(R"(<rect class="h" y="{:.1f}" width="100%" height="{}"/>)",
                       (height - least_target) / 2, least_target);
  out += fmt::format(R"(<rect class="b" width="100%" height="{}"/>)",
                     height < least_drawn ? fmt::format("{}", least_drawn) : "100%");
  if (marked)
    out += fmt::format(R"(<rect class="mark" width="4" height="{}"/>)",
                       height < least_drawn ? fmt::format("{}", least_drawn) : "100%");
  out += fmt::format(R"(<text x="{}" y="12">{}{}{}</text></svg>)", marked ? 7 : 4,
                     marked ? "⚠ " : "", change_sign(area), shown_name(area.name));
  if (role == AreaRole::figure) out += tip(lines);
  out += "</g>\n";
}

}  // namespace

std::string draw_patterns() {
  return R"x(<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" )x"
         R"x(patternTransform="rotate(45)"><rect class="hatch" width="7" height="7"/>)x"
         R"x(<line class="hatch-line" y2="7"/></pattern></defs>)x"
         "\n";
}

std::string draw_titles(const ImageMap& map) {
  std::string out;
  const auto stripes = lane_stripes(map.lanes);
  for (std::size_t i = 0; i < stripes.size(); ++i)
    out +=
        fmt::format(R"(<svg x="{}" width="{}" height="18"><text class="title" x="2" y="12">)"
                    "{}</text></svg>\n",
                    percent(stripes[i].x), percent(stripes[i].width), escaped(map.lanes[i].title));
  return out;
}

std::string draw_axis(const ImageMap& map) {
  std::string out;
  for (const std::uint64_t at : axis_ticks(map.extent, map_height, 40))
    out += fmt::format(R"(<svg y="{}" overflow="visible"><line class="rule" x1="92%" x2="100%"/>)"
                       R"(<text class="tick" x="90%" y="{}" text-anchor="end">0x{:x}</text></svg>)"
                       "\n",
                       percent(at, map.extent), at == 0 ? 10 : 4, at);
  return out;
}

std::string draw_lanes(const ImageMap& map, AreaRole role) {
  std::string out;
  std::size_t index = 0;
  const auto stripes = lane_stripes(map.lanes);
  for (std::size_t i = 0; i < map.lanes.size(); ++i) {
    const MapLane& lane = map.lanes[i];
    out += fmt::format(
        R"(<g role="group" aria-label="{}"><rect class="ground" x="{}" width="{}" height="100%"/>)"
        "\n",
        escaped(lane.title), percent(stripes[i].x), percent(stripes[i].width));
    const auto places = area_stripes(lane, stripes[i]);
    bool odd = false;
    for (std::size_t j = 0; j < lane.areas.size(); ++j, ++index) {
      const MapArea& area = lane.areas[j];
      if (!area.range.overlaps({0, map.extent})) continue;
      draw_area(out, map, area, index, odd, places[j], role);
      odd = !odd;
    }
    out += "</g>\n";
  }
  return out;
}

std::string offset_text(std::uint64_t offset) { return fmt::format("{:#010x}", offset); }

std::string size_text(std::uint64_t size) {
  const std::string text = human_size(size);
  return text.ends_with("iB") ? fmt::format("{} ({} bytes)", text, size) : text;
}

std::string_view severity_text(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "Note";
    case Severity::warning:
      return "Warning";
    case Severity::error:
      return "Error";
  }
  return "";
}

}  // namespace romwright::pipeline
