// SPDX-License-Identifier: GPL-2.0-or-later
// romwright boards: the board manifests, or one of them with all that it says.
#include <fmt/format.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/json.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string board;
  bool names = false;
  ManifestOptions manifests;
  void declare(Arguments& command) {
    command.optional("BOARD", board, "a name, an alias, or a manifest file");
    command.flag("--names", names, "only the names, one a line");
    manifests.declare(command);
  }
};

std::string chips_text(const manifests::Board& board) {
  std::string text;
  for (const manifests::BoardChip& chip : board.chips)
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", chip.name, human_size(chip.size));
  return text;
}

std::string_view text_of(manifests::NoteTime time) {
  switch (time) {
    case manifests::NoteTime::prepare:
      return "before preparing";
    case manifests::NoteTime::internal:
      return "before an internal write";
    case manifests::NoteTime::external:
      return "before an external write";
    case manifests::NoteTime::boot:
      return "before the first boot";
    case manifests::NoteTime::always:
      break;
  }
  return "note";
}

/// From where an internal write works.
std::string_view text_of(manifests::FromVendorFirmware from) {
  switch (from) {
    case manifests::FromVendorFirmware::never:
      return "libreboot";
    case manifests::FromVendorFirmware::always:
      return "vendor";
    case manifests::FromVendorFirmware::with_notes:
      return "vendor, see its notes";
    case manifests::FromVendorFirmware::unknown:
      break;
  }
  return "unknown";
}

Json summary(const manifests::Board& board) {
  Json chips = Json::array();
  for (const manifests::BoardChip& chip : board.chips)
    chips.push_back({{"name", chip.name}, {"size", chip.size}});
  return {{"name", board.name},
          {"title", board.title},
          {"aliases", board.aliases},
          {"size", board.image.size},
          {"internal_from", text_of(board.internal.from_vendor_firmware)},
          {"chips", chips}};
}

void list(const manifests::Catalogue& catalogue, Session& session) {
  Json all = Json::array();
  for (const manifests::Board& board : catalogue.boards()) {
    session.terminal.print(
        fmt::format("{:<32} {:>8}  {}", board.name, human_size(board.image.size), board.title));
    all.push_back(summary(board));
  }
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
    out.print(fmt::format("  {}: {}", text_of(note.before), note.text));
    object["notes"].push_back({{"before", text_of(note.before)}, {"text", note.text}});
  }
  if (!board.aliases.empty()) out.print(fmt::format("  also: {}", fmt::join(board.aliases, ", ")));
  out.print(fmt::format("  image: {}", human_size(board.image.size)));
  out.print(
      fmt::format("  internal flashing from: {}", text_of(board.internal.from_vendor_firmware)));
  if (!board.chips.empty()) out.print(fmt::format("  chips: {}", chips_text(board)));
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
  out.print_json(object);
}

void boards(const Options& options, Session& session) {
  const manifests::Catalogue catalogue(manifest_directories(options.manifests.directories));
  if (options.names) {
    for (const std::string& name : catalogue.board_names()) session.terminal.print(name);
    return;
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
