// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/svg_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "toolkit/pipeline/map/map_drawing.h"
#include "toolkit/pipeline/map/page_text.h"
#include "toolkit/pipeline/map/resources.h"

namespace romwright::pipeline {

namespace {

constexpr std::size_t longest_line = 125;  // characters that the width holds
constexpr std::size_t most_problems = 12;

/// The facts, as many to a line as it holds.
std::vector<std::string> fact_lines(const ImageMap& map) {
  std::vector<std::string> lines{size_text(map.size)};
  for (const std::string& fact : map.facts) {
    const std::string shown = printable(fact);
    if (lines.back().size() + shown.size() > longest_line)
      lines.push_back(shown);
    else
      lines.back() += " · " + shown;
  }
  if (!map.sha256.empty()) lines.push_back("SHA-256 " + map.sha256);
  if (!map.comparison.empty()) lines.push_back(map.comparison);
  return lines;
}

std::vector<std::string> problem_lines(const ImageMap& map) {
  std::vector<std::string> lines;
  for (const Problem& problem : map.problems) {
    if (lines.size() == most_problems) {
      lines.push_back(fmt::format("and {} more", map.problems.size() - most_problems));
      break;
    }
    lines.push_back(fmt::format("⚠ {}: {}: {}", severity_text(problem.severity),
                                printable(problem.where), printable(problem.message)));
  }
  return lines;
}

std::string part(std::string_view css_class, unsigned x, unsigned y, unsigned width,
                 unsigned height, const std::string& inside) {
  return fmt::format(R"(<svg class="{}" x="{}" y="{}" width="{}" height="{}" overflow="visible">)"
                     "\n{}</svg>\n",
                     css_class, x, y, width, height, inside);
}

}  // namespace

std::string svg_page(const ImageMap& map) {
  std::string head = fmt::format(R"(<text class="head" x="16" y="28">{}</text>)"
                                 "\n",
                                 shown_name(map.name));
  unsigned y = 48;
  const auto put = [&](std::string_view css_class, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      head += fmt::format(R"(<text class="{}" x="16" y="{}">{}</text>)"
                          "\n",
                          css_class, y, escaped(line));
      y += 17;
    }
  };
  put("sub", fact_lines(map));
  put("alarm", problem_lines(map));

  constexpr unsigned left = 84, width = 900, below = 140;
  const unsigned top = y + 24, height = top + map_height + below;
  return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{0}" )"
                     R"(viewBox="0 0 1000 {0}"><title>Map of {1}</title>)"
                     "\n<style>{2}{3}</style>\n{4}"
                     R"(<rect class="page" width="100%" height="100%"/>)"
                     "\n{5}",
                     height, shown_name(map.name), drawing_css(), picture_css(), draw_patterns(),
                     head) +
         part("titles", left, top - 18, width, 18, draw_titles(map)) +
         part("axis", 0, top, left, map_height, draw_axis(map)) +
         part(map.comparison.empty() ? "lanes" : "lanes compared", left, top, width, map_height,
              draw_lanes(map, AreaRole::figure)) +
         fmt::format(R"(<text class="sub keys" x="{}" y="{}">Point at an area, or press Tab, to )"
                     "see what it is.</text>\n</svg>\n",
                     left, top + map_height + 17);
}

}  // namespace romwright::pipeline
