// SPDX-License-Identifier: GPL-2.0-or-later
// romwright flash: prepare, check, probe, compare sizes, back up, write, verify, in one command.
#include <fmt/format.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/write_report.h"
#include "toolkit/pipeline/chip_mac.h"
#include "toolkit/pipeline/rom_choice.h"

namespace romwright::cli {
namespace {

struct Options {
  PrepareOptions prepare;
  DeviceOptions device;
  WriteModeOptions mode;
  void declare(Arguments& command) {
    prepare.declare(command, "chip");
    device.declare(command);
    mode.declare(command);
  }
};

void require_one(const std::vector<images::RomEntry>& roms) {
  if (roms.size() == 1) return;
  UsageError error(fmt::format("{} ROMs match", roms.size()), "choose one with --rom NAME");
  for (const images::RomEntry& rom : roms) error.also(rom.name.name);
  throw error;
}

pipeline::PreparedRom prepare_one(images::Release& release, const pipeline::PreparePlan& plan,
                                  const vendor::VendorStore& store, Run& run) {
  pipeline::PreparedRom prepared;
  const pipeline::VendorFiles files = pipeline::load_vendor_files(plan.insertions, store);
  pipeline::prepare_release(
      release, plan, files, [&](pipeline::PreparedRom rom) { prepared = std::move(rom); }, run);
  return prepared;
}

/// The sizes that the board's chips should have, where there is one programmer for each.
std::vector<std::uint64_t> chip_sizes(const manifests::Board& board, std::size_t programmers) {
  std::vector<std::uint64_t> sizes;
  if (board.chips.size() == programmers)
    for (const manifests::BoardChip& chip : board.chips) sizes.push_back(chip.size);
  return sizes;
}

std::string text_of(const std::optional<images::Mac>& mac) {
  return mac ? images::to_string(*mac) : "none";
}

Json json_of(const std::optional<images::Mac>& mac) {
  return mac ? Json(images::to_string(*mac)) : Json(nullptr);
}

void flash_rom(const Options& options, Session& session) {
  const manifests::Catalogue catalogue = options.prepare.board.catalogue();
  pipeline::PreparePlan plan;
  plan.board = catalogue.board(options.prepare.board.name);
  plan.mac = pipeline::parse_mac_policy(options.prepare.mac);
  plan.insertions = pipeline::plan_insertions(plan.board, catalogue);
  images::Release release = images::Release::open(options.prepare.input, session.stop.get_token());
  plan.roms = pipeline::choose_roms(release, plan.board, options.prepare.roms);
  require_one(plan.roms);
  Run run = session.run();
  pipeline::PreparedRom rom = prepare_one(release, plan, options.prepare.store(), run);
  session.terminal.note(fmt::format("{}: {}{}", rom.name, human_size(rom.content.size()),
                                    rom.verified ? ", equal to the release's hash" : ""));

  pipeline::Device device =
      options.device.open(session, chip_sizes(plan.board, options.device.programmers.size()));
  for (const pipeline::FoundChip& chip : device.chips())
    session.terminal.note(fmt::format("chip: {}", describe(chip)));
  within(rom.name, [&] { require_size(rom.content, device); });
  pipeline::require_chips(plan.board, device);

  const std::optional<images::Mac> chip_mac = pipeline::mac_of_chip(device, session.terminal, run);
  if (plan.mac.kind == pipeline::MacPolicy::Kind::chip && chip_mac && rom.new_mac)
    rom.new_mac = pipeline::set_mac(rom.content, images::to_string(*chip_mac), session.terminal);
  if (rom.new_mac)
    session.terminal.note(
        fmt::format("MAC: {} on the chip, {} afterwards", text_of(chip_mac), text_of(rom.new_mac)));

  flash::WriteOptions write;
  write.verify = options.mode.verify;
  write.read_twice = true;
  write.unprotect = true;
  const Json extra = {{"board", plan.board.name},
                      {"rom", rom.name},
                      {"verified_against_release", rom.verified},
                      {"mac", {{"old", json_of(chip_mac)}, {"new", json_of(rom.new_mac)}}}};
  write_device(device,
               {rom.name, plan.board.name, std::move(rom.content), write, options.mode.dry_run},
               session, extra);
}

void declare(Arguments& command, Session& session) { on_command(command, session, flash_rom); }

}  // namespace

extern const CommandEntry command_flash{
    "flash", "the one command: prepare, check, back up, write, verify", declare};

}  // namespace romwright::cli
