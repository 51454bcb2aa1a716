// SPDX-License-Identifier: GPL-2.0-or-later
// romwright inspect: what is in an image or a release.
#include <fmt/format.h>

#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"
#include "toolkit/images/release.h"
#include "toolkit/pipeline/inspection.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string input;
  std::vector<std::string> roms;
  void declare(Arguments& command) {
    command.required("INPUT", input, "an image, a flash descriptor, or a release");
    command.repeated("--rom", roms, "only this ROM of a release; may be repeated", "NAME");
  }
};

std::string version_text(const images::MeView& me) {
  std::string text = fmt::format("{} ", me.variant());
  if (!me.version()) return text + "of unknown version";
  return text + fmt::format("{}", fmt::join(*me.version(), "."));
}

Json to_json(const pipeline::Inspection& found) {
  Json object = {{"size", found.size}};
  object["chipset"] = found.chipset.empty() ? Json(nullptr) : Json(found.chipset);
  object["regions"] = Json::array();
  for (const images::Region& region : found.layout.regions)
    object["regions"].push_back({{"name", region.name},
                                 {"offset", region.range.offset},
                                 {"size", region.range.size},
                                 {"source", region.source}});
  object["chips"] = found.components;
  object["cbfs"] = Json::array();
  for (const images::CbfsFile& file : found.cbfs)
    object["cbfs"].push_back({{"name", file.name},
                              {"type", images::cbfs_type_name(file.type)},
                              {"offset", file.entry.offset},
                              {"size", file.data.size},
                              {"compression", images::to_string(file.compression)},
                              {"decompressed_size", file.decompressed_size}});
  object["mac"] = found.mac ? Json(images::to_string(*found.mac)) : Json(nullptr);
  object["me"] = nullptr;
  if (found.me)
    object["me"] = {{"version", version_text(*found.me)},
                    {"generation", found.me->generation()},
                    {"cleaned", found.me->cleaned()}};
  object["me_disabled"] = found.me_disabled;
  object["problems"] = cli::to_json(found.problems);
  return object;
}

void show(const pipeline::Inspection& found, Session& session) {
  Terminal& out = session.terminal;
  out.print(fmt::format("  size {}{}", human_size(found.size),
                        found.chipset.empty() ? "" : ", descriptor for " + found.chipset));
  for (const images::Region& region : found.layout.regions)
    out.print(fmt::format("  {:<5} {:<20} {:#010x}  {:>10}", region.source, region.name,
                          region.range.offset, human_size(region.range.size)));
  for (const images::CbfsFile& file : found.cbfs)
    out.print(fmt::format(
        "  cbfs  {:<28} {:#010x}  {:<12} {:>14} {}", file.empty() ? "(empty)" : file.name,
        file.entry.offset, images::cbfs_type_name(file.type), human_size(file.data.size),
        file.compression == images::CbfsCompression::none
            ? ""
            : fmt::format("{} ({} decompressed)", images::to_string(file.compression),
                          human_size(file.decompressed_size))));
  if (found.me)
    out.print(fmt::format("  ME    {}, generation {}{}", version_text(*found.me),
                          found.me->generation(), found.me->cleaned() ? ", cleaned" : ""));
  if (found.me_disabled) out.print("  ME    switched off by the descriptor");
  if (found.mac) out.print(fmt::format("  MAC   {}", images::to_string(*found.mac)));
  for (const Problem& problem : found.problems)
    out.print(fmt::format("  {} {}: {}{}",
                          problem.severity == Severity::error     ? "ERROR  "
                          : problem.severity == Severity::warning ? "warning"
                                                                  : "note   ",
                          problem.where, problem.message,
                          problem.hint.empty() ? "" : " (" + problem.hint + ")"));
}

bool is_wanted(const images::RomEntry& rom, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return rom.name.name == name || rom.name.file() == name ||
                  rom.name.name == name + ".rom";
         });
}

void inspect_release(images::Release& release, const Options& options, Session& session) {
  std::map<std::string, Json> roms;
  release.read([&](const images::RomEntry& rom) { return is_wanted(rom, options.roms); },
               [&](images::Rom rom) {
                 if (rom.padded) rom.content.push_back(0x00);
                 const auto found = pipeline::inspect_image(rom.content);
                 session.terminal.print(rom.entry.member);
                 show(found, session);
                 Json object = to_json(found);
                 object["name"] = rom.entry.name.name;
                 object["board"] = rom.entry.board;
                 roms[rom.entry.member] = std::move(object);
               },
               session.stop.get_token());
  if (roms.empty()) throw UsageError("--rom: no such ROM in " + options.input);
  // One ROM is the object itself, so that an image and a release of one ROM read alike.
  if (roms.size() == 1) {
    session.terminal.print_json(roms.begin()->second);
    return;
  }
  Json list = Json::array();
  for (auto& [member, object] : roms) list.push_back(std::move(object));
  session.terminal.print_json({{"roms", list}});
}

void inspect(const Options& options, Session& session) {
  // A plain file that is no archive is taken as it is, whatever its name and size: a dump, a
  // descriptor of 4 KiB, a damaged image.
  if (pipeline::is_plain_file(options.input)) {
    const Buffer image = read_image_file(options.input);
    const auto found = pipeline::inspect_image(image);
    session.terminal.print(options.input);
    show(found, session);
    session.terminal.print_json(to_json(found));
    return;
  }
  images::Release release = images::Release::open(options.input, session.stop.get_token());
  inspect_release(release, options, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, inspect); }

}  // namespace

extern const CommandEntry command_inspect{"inspect", "shows what is in an image or a release",
                                          declare};

}  // namespace romwright::cli
