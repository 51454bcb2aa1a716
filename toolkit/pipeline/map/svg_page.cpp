// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/svg_page.h"

#include <fmt/format.h>

#include "toolkit/pipeline/map/map_drawing.h"
#include "toolkit/pipeline/map/page_text.h"
#include "toolkit/pipeline/map/resources.h"

namespace romwright::pipeline {

std::string svg_page(const ImageMap& map) {
  const unsigned top = 90, bottom = 130;
  const unsigned height = top + map_height + bottom;
  std::string out =
      fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{0}" )"
                  R"(viewBox="0 0 1000 {0}"><title>Map of {1}</title>)"
                  "\n<style>{2}{3}</style>\n{4}",
                  height, shown_name(map.name), drawing_css(), picture_css(), draw_patterns());
  out += fmt::format(
      R"(<rect class="page" width="100%" height="100%"/><text class="head" x="16" y="28">{}</text>)"
      "\n",
      shown_name(map.name));
  std::string facts = size_text(map.size);
  for (const std::string& fact : map.facts) facts += " · " + shown_name(fact);
  out += fmt::format(R"(<text class="sub" x="16" y="48">{}</text>)"
                     "\n",
                     facts);
  if (!map.comparison.empty())
    out += fmt::format(R"(<text class="sub" x="16" y="64">{}</text>)"
                       "\n",
                       escaped(map.comparison));
  out += fmt::format(R"(<svg x="84" y="{}" width="900" height="18">)"
                     "\n{}</svg>\n",
                     top - 20, draw_titles(map));
  out += fmt::format(R"(<svg x="0" y="{}" width="84" height="{}" overflow="visible">)"
                     "\n{}</svg>\n",
                     top, map_height, draw_axis(map));
  out += fmt::format(R"(<svg class="lanes{}" x="84" y="{}" width="900" height="{}" )"
                     R"(overflow="visible">)"
                     "\n{}</svg>\n",
                     map.comparison.empty() ? "" : " compared", top, map_height,
                     draw_lanes(map, AreaRole::figure));
  return out + "</svg>\n";
}

}  // namespace romwright::pipeline
