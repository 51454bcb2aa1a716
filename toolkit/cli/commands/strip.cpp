// SPDX-License-Identifier: GPL-2.0-or-later
// romwright strip: complete ROMs become a release without vendor files.
#include "toolkit/pipeline/strip.h"

#include <fmt/format.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/json.h"
#include "toolkit/pipeline/release_output.h"
#include "toolkit/pipeline/rom_choice.h"

namespace romwright::cli {
namespace {

struct Options {
  BoardOptions board;
  std::string input;
  std::string output;
  std::vector<std::string> roms;
  void declare(Arguments& command) {
    board.declare(command);
    command.required("INPUT", input, "a release with complete ROMs, a folder, or one ROM");
    command.required("-o,--output", output, "a .tar.xz, a folder, or one .rom", "OUTPUT");
    command.repeated("--rom", roms, "only this ROM; may be repeated", "NAME");
  }
};

/// The hashes of each folder's complete ROMs.
using Hashes = std::map<std::string, std::map<std::string, std::string>>;

std::string hash_file(const std::map<std::string, std::string>& hashes) {
  std::string text;
  for (const auto& [name, sha512] : hashes) text += fmt::format("{}  ./{}\n", sha512, name);
  return text;
}

void strip(const Options& options, Session& session) {
  const manifests::Catalogue catalogue = options.board.catalogue();
  const manifests::Board board = catalogue.board(options.board.name);
  const auto insertions = pipeline::plan_insertions(board, catalogue);
  images::Release release = images::Release::open(options.input, session.stop.get_token());
  const auto roms = pipeline::choose_roms(release, board, options.roms);
  if (insertions.empty())
    session.terminal.warning(
        fmt::format("{} needs no vendor files: nothing is taken out", board.name));
  std::vector<std::string> members;
  Hashes hashes;
  for (const images::RomEntry& rom : roms) {
    if (rom.name.unready)
      throw ImageError(fmt::format("{}: is stripped already", rom.name.file()),
                       "'romwright prepare' makes it complete");
    members.push_back(pipeline::stripped_member(rom, board, insertions));
    hashes[pipeline::folder_of(members.back())];
  }
  if (!insertions.empty())
    for (const auto& [folder, unused] : hashes) members.push_back(folder + "/vendorhashes");
  const auto writer = pipeline::begin_output(options.output, release, board, roms, members,
                                             session.stop.get_token());
  std::map<std::string, Json> results;
  Run run = session.run();
  pipeline::strip_release(
      release, board, insertions, roms,
      [&](pipeline::StrippedRom rom) {
        hashes[pipeline::folder_of(rom.member)][rom.entry.name.name] = rom.complete_sha512;
        results[rom.member] = {{"name", rom.entry.name.name},
                               {"member", rom.member},
                               {"size", rom.content.size()},
                               {"sha512_complete", rom.complete_sha512}};
        writer->put(rom.member, std::move(rom.content));
      },
      run);
  if (!insertions.empty() &&
      images::output_of(options.output, roms.size() == 1) != images::ReleaseOutput::rom)
    for (const auto& [folder, list] : hashes) {
      const std::string text = hash_file(list);
      writer->put(folder + "/vendorhashes", Buffer(text.begin(), text.end()));
    }
  writer->finish();
  Json list = Json::array();
  for (auto& [member, result] : results) {
    session.terminal.print(fmt::format("{}: stripped", result["name"].get<std::string>()));
    list.push_back(std::move(result));
  }
  session.terminal.note(fmt::format("written to {}", options.output));
  session.terminal.print_json({{"board", board.name}, {"output", options.output}, {"roms", list}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, strip); }

}  // namespace

extern const CommandEntry command_strip{
    "strip", "takes the vendor files out of complete ROMs, for who makes releases", declare};

}  // namespace romwright::cli
