// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/boards_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/bytes.h"
#include "toolkit/pipeline/board_text.h"
#include "toolkit/pipeline/insertion.h"
#include "toolkit/pipeline/map/html_head.h"
#include "toolkit/pipeline/map/page_text.h"
#include "toolkit/pipeline/map/resources.h"

namespace romwright::pipeline {

namespace {

using manifests::Board;

std::string term(std::string_view name, const std::string& html) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string row(const Board& board) {
  return fmt::format(
      "<tr><th scope=\"row\"><a href=\"#{0}\">{0}</a></th><td>{1}</td><td>{2}</td><td>{3}</td>"
      "<td>{4}</td></tr>\n",
      escaped(board.name), escaped(board.title), human_size(board.image.size),
      text_of(board.internal.from_vendor_firmware),
      board.insert.size() + board.separate_chips.size());
}

std::string notes(const Board& board) {
  if (board.notes.empty()) return {};
  std::string out = "<ul class=\"notes\">\n";
  for (const manifests::Note& note : board.notes)
    out +=
        fmt::format("<li><strong>{}</strong> {}</li>\n", text_of(note.before), escaped(note.text));
  return out + "</ul>\n";
}

std::string regions(const Board& board) {
  std::string out;
  if (!board.image.descriptor) return out;
  for (const auto& [name, range] : board.image.descriptor->expect)
    out += fmt::format("{}<code>{} {}</code>", out.empty() ? "" : "<br>", escaped(name),
                       to_string(range));
  return out;
}

std::string source(const manifests::Recipe& recipe) {
  if (!recipe.download) return "no download is known";
  std::string out;
  for (const std::string& url : recipe.download->urls)
    out += fmt::format("{}<a href=\"{}\" rel=\"noreferrer\">{}</a>", out.empty() ? "" : "<br>",
                       escaped(url), escaped(url));
  if (!recipe.download->source.empty()) out += "<br>" + escaped(recipe.download->source);
  return out;
}

std::string vendor_file(const manifests::ResolvedFile& file, const std::string& into) {
  return fmt::format("<li><strong>{}</strong> ({}) into {}<br><code>{}</code><br>{}</li>\n",
                     escaped(file.result.name),
                     escaped(file.recipe.title.empty() ? file.recipe.name : file.recipe.title),
                     escaped(into), escaped(file.result.sha512), source(file.recipe));
}

std::string vendor_files(const Board& board, const manifests::Catalogue& catalogue) {
  const std::vector<Insertion> insertions = plan_insertions(board, catalogue);
  if (insertions.empty() && board.separate_chips.empty())
    return "<p>No vendor file is needed.</p>\n";
  std::string out = "<ol class=\"files\">\n";
  for (std::size_t i = 0; i < insertions.size(); ++i)
    out += vendor_file(catalogue.resolve(board, board.insert[i].file), describe(insertions[i]));
  for (const manifests::SeparateChip& chip : board.separate_chips)
    out +=
        vendor_file(catalogue.resolve(board, chip.file),
                    fmt::format("the {} chip of its own ({})", chip.name, human_size(chip.size)));
  return out + "</ol>\n";
}

std::string section(const Board& board, const manifests::Catalogue& catalogue) {
  std::string facts;
  if (!board.aliases.empty())
    facts += term("also", escaped(fmt::format("{}", fmt::join(board.aliases, ", "))));
  facts += term("image", human_size(board.image.size));
  if (!board.chips.empty()) facts += term("chips", escaped(chips_text(board)));
  facts +=
      term("internal flashing from", std::string(text_of(board.internal.from_vendor_firmware)));
  if (const std::string text = regions(board); !text.empty()) facts += term("regions", text);
  return fmt::format("<section id=\"{0}\">\n<h2>{0}: {1}</h2>\n{2}<dl>\n{3}</dl>\n{4}</section>\n",
                     escaped(board.name), escaped(board.title), notes(board), facts,
                     vendor_files(board, catalogue));
}

}  // namespace

std::string boards_page(const std::vector<Board>& boards, const manifests::Catalogue& catalogue) {
  const std::string style = fmt::format("{}{}", page_css(), boards_page_css());
  std::string out = html_head("Boards that romwright knows", style);
  out += fmt::format(
      "<body class=\"boards\">\n<h1>{} boards</h1>\n<table>\n<thead><tr><th>board</th>"
      "<th>machine</th><th>image</th><th>internal flashing from</th>"
      "<th>vendor files</th></tr></thead>\n<tbody>\n",
      boards.size());
  for (const Board& board : boards) out += row(board);
  out += "</tbody>\n</table>\n";
  for (const Board& board : boards) out += section(board, catalogue);
  return out + "</body>\n</html>\n";
}

}  // namespace romwright::pipeline
