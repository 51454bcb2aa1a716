// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/html_page.h"

#include <fmt/format.h>

#include "toolkit/pipeline/map/area_list.h"
#include "toolkit/pipeline/map/html_head.h"
#include "toolkit/pipeline/map/map_drawing.h"
#include "toolkit/pipeline/map/page_text.h"
#include "toolkit/pipeline/map/resources.h"

namespace romwright::pipeline {

namespace {

std::string facts(const ImageMap& map) {
  std::string out = fmt::format("<ul class=\"facts\">\n<li>{}</li>\n", size_text(map.size));
  for (const std::string& fact : map.facts) out += fmt::format("<li>{}</li>\n", shown_name(fact));
  return out + fmt::format("<li>SHA-256 <code>{}</code></li>\n</ul>\n", map.sha256);
}

std::string problems(const ImageMap& map) {
  if (map.problems.empty()) return "<p class=\"sound\">No problems found.</p>\n";
  std::string out = "<ul class=\"problems\">\n";
  for (const Problem& problem : map.problems) {
    const std::string_view word = severity_text(problem.severity);
    out += fmt::format("<li class=\"p-{0}\"><strong>{0}</strong> {1}: {2}{3}</li>\n", word,
                       shown_name(problem.where), escaped(printable(problem.message)),
                       problem.hint.empty()
                           ? ""
                           : fmt::format(" <em>({})</em>", escaped(printable(problem.hint))));
  }
  return out + "</ul>\n";
}

/// What the signs and colours of a comparison mean.
constexpr std::string_view legend =
    R"(<ul class="legend" aria-label="Signs"><li class="l-changed">≠ changed</li>)"
    R"(<li class="l-moved">↷ moved</li><li class="l-first">− only in the first</li>)"
    R"(<li class="l-second">+ only in the second</li></ul>)"
    "\n";

std::string chart(const ImageMap& map) {
  return fmt::format(
      R"(<section class="chart" aria-label="Map">
<p class="keys">Choose an area: point and click, or Tab and the arrow keys. Enter zooms in, Escape out.</p>
{4}<div class="frame"><svg class="corner" aria-hidden="true"></svg><svg class="titles" aria-hidden="true">
{0}</svg><svg class="axis" aria-hidden="true">
{1}</svg><svg class="lanes{2}" data-extent="{5}" role="group" aria-label="Areas by their place">
{6}{3}</svg></div>
</section>
)",
      draw_titles(map), draw_axis(map), map.comparison.empty() ? "" : " compared",
      draw_lanes(map, AreaRole::button), map.comparison.empty() ? "" : legend, map.extent,
      draw_patterns());
}

/// Filled by the script; not there without one.
constexpr std::string_view details =
    R"(<section class="details" aria-live="polite" aria-label="Details" hidden>
<h2></h2>
<dl></dl>
<p><button type="button" class="zoom">Zoom in</button> <button type="button" class="whole" hidden>Whole image</button></p>
</section>
)";

}  // namespace

std::string html_page(const ImageMap& map) {
  const std::string style = fmt::format("{}{}", drawing_css(), page_css());
  const std::string_view script = page_js();
  std::string out = html_head(fmt::format("Map of {}", shown_name(map.name)), style, script);
  out += fmt::format("<body>\n<header>\n<h1>{}</h1>\n{}", shown_name(map.name), facts(map));
  if (!map.comparison.empty())
    out += fmt::format("<p class=\"comparison\">{}</p>\n", escaped(map.comparison));
  out += fmt::format("{}</header>\n<main>\n{}<div class=\"side\">\n{}{}</div>\n</main>\n",
                     problems(map), chart(map), details, area_list(map));
  out += fmt::format("<div class=\"hint\" hidden></div>\n<script>{}</script>\n</body>\n</html>\n",
                     script);
  return out;
}

}  // namespace romwright::pipeline
