// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/area_list.h"

#include <fmt/format.h>

#include "toolkit/pipeline/map/map_drawing.h"
#include "toolkit/pipeline/map/page_text.h"

namespace romwright::pipeline {

namespace {

std::string notes(const MapArea& area) {
  std::string out;
  if (!area.about.empty())
    out += fmt::format("<span class=\"about\">{}</span>", shown_name(area.about));
  if (!area.difference.empty() && area.change != Change::same)
    out += fmt::format("<span class=\"difference\">{}</span>", escaped(area.difference));
  for (const Problem& problem : area.problems)
    out += fmt::format("<span class=\"p-{0}\">⚠ {0}: {1}</span>", severity_text(problem.severity),
                       escaped(printable(problem.message)));
  return out;
}

std::string row(const MapArea& area, std::size_t index) {
  return fmt::format(
      "<tr id=\"r{}\" data-kind=\"{}\" data-o=\"{}\" data-s=\"{}\"><th scope=\"row\"><button "
      "type=\"button\">{}</button>{}</th><td>{}</td><td>{}</td><td><code>{}</code></td></tr>\n",
      index, to_string(area.kind), area.range.offset, area.range.size, shown_name(area.name),
      notes(area), offset_text(area.range.offset), human_size(area.range.size), area.sha256);
}

}  // namespace

std::string area_list(const ImageMap& map) {
  std::string out = "<section class=\"list\" aria-label=\"List of all areas\">\n";
  std::size_t index = 0;
  for (const MapLane& lane : map.lanes) {
    out += fmt::format(
        "<table><caption>{}</caption>\n<thead><tr><th scope=\"col\">Name</th><th "
        "scope=\"col\">Offset</th><th scope=\"col\">Size</th><th scope=\"col\">SHA-256</th></tr>"
        "</thead>\n<tbody>\n",
        escaped(lane.title));
    for (const MapArea& area : lane.areas) out += row(area, index++);
    out += "</tbody></table>\n";
  }
  return out + "</section>\n";
}

}  // namespace romwright::pipeline
