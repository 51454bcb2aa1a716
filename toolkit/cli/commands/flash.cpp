// SPDX-License-Identifier: GPL-2.0-or-later
// romwright flash: prepare, check, probe, compare sizes, back up, write, verify, in one command.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/staged_write.h"
#include "toolkit/pipeline/chip_identity.h"
#include "toolkit/pipeline/chip_mac.h"
#include "toolkit/pipeline/chromebook.h"
#include "toolkit/pipeline/machine_identity.h"
#include "toolkit/pipeline/moved_clip.h"
#include "toolkit/pipeline/rom_choice.h"

namespace romwright::cli {
namespace {

struct Options {
  PrepareOptions prepare;
  DeviceOptions device;
  RegionOptions regions;
  WriteModeOptions mode;
  std::string part;
  void declare(Arguments& command) {
    prepare.declare(command, "chip");
    device.declare(command);
    regions.declare(command);
    mode.declare(command);
    command.optional("--part", part, "the chip that the clip is on, of a board with several",
                     "PART");
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
  const pipeline::VendorFiles files(store, run);
  files.require(plan);
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

pipeline::Device open_device(const Options& options, const manifests::Board& board,
                             Session& session) {
  pipeline::Device device =
      options.device.open(session, chip_sizes(board, options.device.programmers.size()));
  for (const pipeline::FoundChip& chip : device.chips())
    session.terminal.note(fmt::format("chip: {}", describe(chip)));
  return device;
}

/// What is to be written, and what is known beforehand.
struct FlashJob {
  const Options& options;
  const pipeline::PreparePlan& plan;
  pipeline::PreparedRom& rom;
  pipeline::MachineMatch machine;
  Session& session;
};

/// What is done with one device, whatever part of the board it is.
void write_rom(FlashJob& job, pipeline::Device& device,
               const std::optional<pipeline::ChipPart>& part) {
  const auto& [options, plan, rom, machine, session] = job;
  Run run = session.run();
  pipeline::require_chip_of(plan.board, machine, options.device.programmers, device,
                            session.terminal, run);
  pipeline::warn_of_verified_boot(device.flash(), options.device.programmers, session.terminal,
                                  run);
  const bool has_gbe = !part || part->range.offset == 0;
  const std::optional<images::Mac> chip_mac =
      has_gbe ? pipeline::mac_of_chip(device, session.terminal, run) : std::nullopt;
  if (plan.mac.kind == pipeline::MacPolicy::Kind::chip && chip_mac && rom.new_mac)
    rom.new_mac = pipeline::set_mac(rom.content, images::to_string(*chip_mac), session.terminal);
  if (rom.new_mac && has_gbe)
    session.terminal.note(
        fmt::format("MAC: {} on the chip, {} afterwards", text_of(chip_mac), text_of(rom.new_mac)));
  flash::WriteOptions write;
  write.verify = options.mode.verify;
  write.read_twice = true;
  write.unprotect = options.mode.unprotect || session.yes;
  Json extra = {{"board", plan.board.name},
                {"rom", rom.name},
                {"verified_against_release", rom.verified},
                {"mac", {{"old", json_of(chip_mac)}, {"new", json_of(rom.new_mac)}}}};
  Buffer target = rom.content;
  if (part) {
    extra["part"] = part->chip;
    const ConstBytes piece = slice(ConstBytes(rom.content), part->range, part->chip);
    target.assign(piece.begin(), piece.end());
  }
  write.allowed = options.regions.ranges(device, session, target);
  write_in_stages(device, plan.board,
                  {rom.name, plan.board.name, std::move(target), write, options.mode.dry_run},
                  session, extra);
}

/// All chips of the board at once.
void flash_whole(FlashJob& job, pipeline::Device& device) {
  within(job.rom.name, [&] { require_size(job.rom.content, device); });
  pipeline::require_chips(job.plan.board, device);
  write_rom(job, device, std::nullopt);
}

/// One programmer for several chips: writes the one that the clip is on, and tells which it was.
std::size_t flash_part(FlashJob& job, pipeline::Device& device) {
  const auto& [options, plan, rom, machine, session] = job;
  const std::vector<pipeline::ChipPart> parts =
      within(rom.name, [&] { return pipeline::split_image(job.rom.content, job.plan.board); });
  Run run = session.run();
  Buffer content(pipeline::needs_content(parts, device.size())
                     ? device.size()
                     : std::min<std::uint64_t>(device.size(), 4096));
  device.flash().read(0, content, run);
  const std::size_t index =
      pipeline::find_part(parts, rom.content, {device.size(), content}, options.part);
  session.terminal.note(
      fmt::format("this is the chip {} of {}", parts[index].chip, plan.board.name));
  write_rom(job, device, parts[index]);
  return index;
}

/// The chips in turn, `device` being the one that the clip is on first.
void flash_one_by_one(FlashJob& job, std::optional<pipeline::Device>& device) {
  const auto& [options, plan, rom, machine, session] = job;
  std::set<std::size_t> left;
  for (std::size_t i = 0; i < plan.board.chips.size(); ++i) left.insert(i);
  while (true) {
    left.erase(flash_part(job, *device));
    device.reset();
    if (left.empty()) return;
    std::vector<std::string> names;
    for (const std::size_t i : left) names.push_back(plan.board.chips[i].name);
    const std::string rest = fmt::format("{}", fmt::join(names, ", "));
    if (!session.terminal.interactive()) {
      session.terminal.warning(
          fmt::format("not written yet: {}: move the clip and run the same command again", rest));
      return;
    }
    if (!session.terminal.ask(fmt::format("Left: {}. Is the clip on the next chip?", rest),
                              session.stop.get_token()))
      return;
    device.emplace(open_device(options, plan.board, session));
  }
}

void flash_rom(const Options& options, Session& session) {
  const manifests::Catalogue catalogue = options.prepare.board.catalogue();
  pipeline::PreparePlan plan;
  plan.board = catalogue.board(options.prepare.board.name);
  const pipeline::MachineMatch machine = pipeline::require_machine(
      plan.board, options.device.programmers, flash::SystemFiles::of_machine(), session.terminal);
  plan.mac = pipeline::parse_mac_policy(options.prepare.mac);
  plan.insertions = pipeline::plan_insertions(plan.board, catalogue);
  images::Release release = images::Release::open(options.prepare.input, session.stop.get_token());
  plan.roms = pipeline::choose_roms(release, plan.board, options.prepare.roms);
  require_one(plan.roms);
  Run run = session.run();
  pipeline::PreparedRom rom = prepare_one(release, plan, options.prepare.vendor.store(), run);
  session.terminal.note(fmt::format("{}: {}{}", rom.name, human_size(rom.content.size()),
                                    rom.verified ? ", equal to the release's hash" : ""));

  std::optional<pipeline::Device> device = open_device(options, plan.board, session);
  // The machine's own controller shows several chips as one.
  const bool one_by_one = plan.board.chips.size() > 1 && options.device.programmers.size() == 1 &&
                          device->size() != rom.content.size();
  FlashJob job{options, plan, rom, machine, session};
  if (!one_by_one) return flash_whole(job, *device);
  flash_one_by_one(job, device);
}

void declare(Arguments& command, Session& session) { on_command(command, session, flash_rom); }

}  // namespace

extern const CommandEntry command_flash{
    "flash", "the one command: prepare, check, back up, write, verify", declare};

}  // namespace romwright::cli
