// SPDX-License-Identifier: GPL-2.0-or-later
// romwright check: is an image sound, the board's, complete, and of the chip's size.
#include <fmt/format.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/json.h"
#include "toolkit/manifests/scalars.h"
#include "toolkit/pipeline/chip_mac.h"
#include "toolkit/pipeline/rom_choice.h"
#include "toolkit/pipeline/steps/board_check.h"

namespace romwright::cli {
namespace {

struct Options {
  BoardOptions board;
  DeviceOptions device;
  std::string input;
  std::string chip_size;
  std::vector<std::string> roms;
  void declare(Arguments& command) {
    board.declare(command);
    device.declare(command, DeviceOptions::Programmer::typed);
    command.required("INPUT", input, "an image, or a release");
    command.optional("--chip-size", chip_size, "the chip's size, where no programmer tells it",
                     "SIZE");
    command.repeated("--rom", roms, "only this ROM; may be repeated", "NAME");
  }
};

/// What speaks against writing an image of `size` to what -p or --chip-size name.
Problems chip_problems(std::uint64_t size, const Options& options, const manifests::Board& board,
                       Session& session) {
  std::uint64_t chip_size = 0;
  if (!options.chip_size.empty()) {
    const auto parsed = manifests::parse_size(options.chip_size);
    if (!parsed)
      throw UsageError(fmt::format("--chip-size {}: no size", options.chip_size), "such as 12MiB");
    chip_size = *parsed;
  } else if (!options.device.programmers.empty()) {
    pipeline::Device device = options.device.open(session);
    for (const pipeline::FoundChip& chip : device.chips()) session.terminal.note(describe(chip));
    chip_size = device.size();
    Problems chips = pipeline::chip_problems(board, device);
    device.close();
    if (!chips.empty()) return chips;
  } else {
    return {};
  }
  if (chip_size == size) return {};
  return {{Severity::error, "chip",
           fmt::format("the image has {}, the chip {}", human_size(size), human_size(chip_size)),
           ""}};
}

void check(const Options& options, Session& session) {
  const manifests::Catalogue catalogue = options.board.catalogue();
  const manifests::Board board = catalogue.board(options.board.name);
  const auto insertions = pipeline::plan_insertions(board, catalogue);
  images::Release release = images::Release::open(options.input, session.stop.get_token());
  const auto roms = pipeline::choose_roms(release, board, options.roms);
  std::optional<Problems> chips;
  std::map<std::string, Json> results;
  pipeline::Findings all;
  release.read(
      [&](const images::RomEntry& rom) { return std::ranges::find(roms, rom) != roms.end(); },
      [&](images::Rom rom) {
        const std::string& name = rom.entry.name.name;
        if (!chips) chips = chip_problems(rom.content.size(), options, board, session);
        // The padding byte, which the release took off, is a finding here.
        if (rom.padded) rom.content.push_back(0x00);
        pipeline::Findings findings = pipeline::check_for_board(rom.content, board, insertions);
        findings.board.insert(findings.board.end(), chips->begin(), chips->end());
        session.terminal.print(
            fmt::format("{}: {}", name, findings.sound() ? "sound" : "not to be flashed"));
        results[rom.entry.member] = {{"name", name},
                                     {"size", rom.content.size()},
                                     {"sound", findings.sound()},
                                     {"problems", to_json(findings.all())}};
        all.add(findings, name);
      },
      session.stop.get_token());
  Json list = Json::array();
  for (auto& [member, result] : results) list.push_back(std::move(result));
  for (const Problem& problem : all.all())
    if (problem.severity != Severity::error)
      session.terminal.note(fmt::format("{}: {}", problem.where, problem.message));
  session.terminal.print_json({{"board", board.name}, {"sound", all.sound()}, {"roms", list}});
  all.require_sound();
}

void declare(Arguments& command, Session& session) { on_command(command, session, check); }

}  // namespace

extern const CommandEntry command_check{
    "check", "validates an image for a board, and that it fits the chip", declare};

}  // namespace romwright::cli
