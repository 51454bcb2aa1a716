// SPDX-License-Identifier: GPL-2.0-or-later
// romwright prepare: a release's ROMs with their vendor files in, into a tarball, folder or ROM.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/board_options.h"
#include "toolkit/cli/json.h"
#include "toolkit/pipeline/release_output.h"
#include "toolkit/pipeline/rom_choice.h"
#include "toolkit/pipeline/separate_files.h"

namespace romwright::cli {
namespace {

struct Options {
  PrepareOptions prepare;
  std::string output;
  bool dry_run = false;
  void declare(Arguments& command) {
    prepare.declare(command, "keep");
    command.required("-o,--output", output, "a .tar.xz, a folder, or one .rom", "OUTPUT");
    command.flag("--dry-run", dry_run, "print the plan and write nothing");
  }
};

void print_plan(const pipeline::PreparePlan& plan, const VendorOptions& vendor, Session& session) {
  Run run = session.run();
  std::vector<std::string> lines =
      pipeline::describe_files(plan, vendor.local_store(), !vendor.offline, run);
  std::ranges::move(pipeline::describe(plan), std::back_inserter(lines));
  for (const std::string& line : lines) session.terminal.print(line);
  session.terminal.print_json({{"result", "planned"}, {"steps", lines}});
}

void prepare(const Options& options, Session& session) {
  const manifests::Catalogue catalogue = options.prepare.board.catalogue();
  pipeline::PreparePlan plan;
  plan.board = catalogue.board(options.prepare.board.name);
  plan.mac = pipeline::parse_mac_policy(options.prepare.mac);
  if (plan.mac.kind == pipeline::MacPolicy::Kind::chip)
    throw UsageError("--mac chip: no chip is at hand here", "it is for 'romwright flash'");
  plan.insertions = pipeline::plan_insertions(plan.board, catalogue);
  images::Release release = images::Release::open(options.prepare.input, session.stop.get_token());
  plan.roms = pipeline::choose_roms(release, plan.board, options.prepare.roms);
  if (options.dry_run) return print_plan(plan, options.prepare.vendor, session);
  const vendor::VendorStore store = options.prepare.vendor.store();
  Run run = session.run();
  const pipeline::VendorFiles files(store, run);
  files.require(plan);
  std::vector<pipeline::SeparateFile> separate =
      pipeline::separate_files(plan.board, catalogue, store, run);
  std::vector<std::string> members;
  for (const images::RomEntry& rom : plan.roms)
    members.push_back(pipeline::complete_member(rom, plan.board));
  const std::string beside = pipeline::folder_of(members.front()) + "/";
  const bool in_release =
      images::output_of(options.output, plan.roms.size() == 1) != images::ReleaseOutput::rom;
  if (in_release)
    for (const pipeline::SeparateFile& file : separate) members.push_back(beside + file.name);
  const auto writer = pipeline::begin_output(options.output, release, plan.board, plan.roms,
                                             std::move(members), session.stop.get_token());
  std::map<std::string, Json> results;
  pipeline::prepare_release(
      release, plan, files,
      [&](pipeline::PreparedRom rom) {
        Json result = {{"name", rom.name},
                       {"size", rom.content.size()},
                       {"sha512", rom.sha512},
                       {"verified", rom.verified}};
        if (rom.new_mac) result["mac"] = images::to_string(*rom.new_mac);
        results[rom.name] = std::move(result);
        writer->put(rom.member, std::move(rom.content));
      },
      run);
  Json others = Json::array();
  for (pipeline::SeparateFile& file : separate) {
    const std::filesystem::path path = std::filesystem::path(options.output).parent_path();
    session.terminal.print(
        fmt::format("{}: {}, for a chip of its own", file.name, human_size(file.content.size())));
    others.push_back({{"name", file.name}, {"sha512", file.sha512}});
    if (in_release)
      writer->put(beside + file.name, std::move(file.content));
    else
      write_whole(path / file.name, file.content);
  }
  writer->finish();
  Json roms = Json::array();
  for (auto& [name, result] : results) {
    session.terminal.print(fmt::format("{}: {}{}", name,
                                       human_size(result["size"].get<std::uint64_t>()),
                                       result["verified"].get<bool>() ? ", verified" : ""));
    roms.push_back(std::move(result));
  }
  session.terminal.note(fmt::format("written to {}", options.output));
  session.terminal.print_json({{"board", plan.board.name},
                               {"output", options.output},
                               {"roms", roms},
                               {"separate", others}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, prepare); }

}  // namespace

extern const CommandEntry command_prepare{
    "prepare", "inserts the vendor files into the ROMs of a release, checked by its hashes",
    declare};

}  // namespace romwright::cli
