// SPDX-License-Identifier: GPL-2.0-or-later
// romwright boards: the board manifests, or one of them with all that it says.
#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/board_options.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/json.h"
#include "toolkit/pipeline/board_text.h"
#include "toolkit/pipeline/boards_page.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string board;
  std::string html;
  bool names = false;
  ManifestOptions manifests;
  void declare(Arguments& command) {
    command.optional("BOARD", board, "a name, an alias, or a manifest file");
    command.optional("--html", html, "write a page of the boards, or of this one", "FILE");
    command.flag("--names", names, "only the names, one a line");
    manifests.declare(command);
  }
};

Json summary(const manifests::Board& board) {
  Json chips = Json::array();
  for (const manifests::BoardChip& chip : board.chips)
    chips.push_back({{"name", chip.name}, {"size", chip.size}});
  return {{"name", board.name},
          {"title", board.title},
          {"aliases", board.aliases},
          {"size", board.image.size},
          {"internal_from", pipeline::text_of(board.internal.from_vendor_firmware)},
          {"chips", chips}};
}

void list(const manifests::Catalogue& catalogue, Session& session) {
  Json all = Json::array();
  for (const manifests::Board& board : catalogue.boards()) {
    session.terminal.print(
        fmt::format("{:<32} {:>8}  {:<22} {}", board.name, human_size(board.image.size),
                    pipeline::text_of(board.internal.from_vendor_firmware), board.title));
    all.push_back(summary(board));
  }
  if (all.empty()) session.terminal.note(no_manifests);
  session.terminal.print_json({{"boards", all}});
}

void show(const manifests::Catalogue& catalogue, const std::string& name, Session& session) {
  const manifests::Board board = catalogue.board(name);
  const auto insertions = pipeline::plan_insertions(board, catalogue);
  Terminal& out = session.terminal;
  Json object = summary(board);
  out.print(fmt::format("{}: {}", board.name, board.title));
  // The special notes come first: a user shall not miss them.
  object["notes"] = Json::array();
  for (const manifests::Note& note : board.notes) {
    out.print(fmt::format("  {}: {}", pipeline::text_of(note.before), note.text));
    object["notes"].push_back({{"before", pipeline::text_of(note.before)}, {"text", note.text}});
  }
  if (!board.aliases.empty()) out.print(fmt::format("  also: {}", fmt::join(board.aliases, ", ")));
  out.print(fmt::format("  image: {}", human_size(board.image.size)));
  out.print(fmt::format("  internal flashing from: {}",
                        pipeline::text_of(board.internal.from_vendor_firmware)));
  if (!board.chips.empty()) out.print(fmt::format("  chips: {}", pipeline::chips_text(board)));
  object["regions"] = Json::array();
  if (board.image.descriptor)
    for (const auto& [region, range] : board.image.descriptor->expect) {
      out.print(fmt::format("  region {:<6} {}", region, to_string(range)));
      object["regions"].push_back(
          {{"name", region}, {"offset", range.offset}, {"size", range.size}});
    }
  object["vendor_files"] = Json::array();
  for (const pipeline::Insertion& insertion : insertions) {
    out.print(fmt::format("  vendor file {} ({}) into {}", insertion.file.name,
                          insertion.file.recipe, describe(insertion)));
    object["vendor_files"].push_back({{"name", insertion.file.name},
                                      {"recipe", insertion.file.recipe},
                                      {"into", describe(insertion)},
                                      {"sha512", insertion.file.sha512}});
  }
  if (insertions.empty()) out.print("  no vendor file is needed");
  object["separate_chips"] = Json::array();
  for (const manifests::SeparateChip& chip : board.separate_chips) {
    const manifests::ResolvedFile file = catalogue.resolve(board, chip.file);
    out.print(fmt::format("  beside it, the {} chip ({}): {} ({})", chip.name,
                          human_size(chip.size), file.result.name, file.recipe.name));
    object["separate_chips"].push_back({{"name", chip.name},
                                        {"size", chip.size},
                                        {"recipe", file.recipe.name},
                                        {"sha512", file.result.sha512}});
  }
  out.print_json(object);
}

void boards(const Options& options, Session& session) {
  const manifests::Catalogue catalogue(manifest_directories(options.manifests.directories));
  if (options.names) {
    for (const std::string& name : catalogue.board_names()) session.terminal.print(name);
    return;
  }
  if (!options.html.empty()) {
    const std::vector<manifests::Board> boards =
        options.board.empty() ? catalogue.boards()
                              : std::vector<manifests::Board>{catalogue.board(options.board)};
    write_whole(options.html, as_bytes(pipeline::boards_page(boards, catalogue)));
    session.terminal.note(fmt::format("written to {}", options.html));
  }
  if (options.board.empty())
    list(catalogue, session);
  else
    show(catalogue, options.board, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, boards); }

}  // namespace

extern const CommandEntry command_boards{"boards", "lists the boards, or shows one", declare};

}  // namespace romwright::cli
