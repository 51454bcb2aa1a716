// SPDX-License-Identifier: GPL-2.0-or-later
// romwright inspect: what is in an image or a release, as text, JSON, or a map; how two differ.
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/cli/inspection_report.h"
#include "toolkit/cli/options.h"
#include "toolkit/images/release.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/pipeline/map/html_page.h"
#include "toolkit/pipeline/map/map_differences.h"
#include "toolkit/pipeline/map/svg_page.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string input;
  std::vector<std::string> roms;
  std::string svg, html;
  std::string other;
  std::string board;
  ManifestOptions manifests;
  void declare(Arguments& command) {
    command.required("INPUT", input, "an image, a flash descriptor, or a release");
    command.repeated("--rom", roms, "only this ROM of a release; may be repeated", "NAME");
    command.optional("--svg", svg, "draws a map of the image to this file", "FILE");
    command.optional("--html", html, "the same as a page to look around in", "FILE");
    command.optional("--diff", other, "compares with this image, or release of one ROM", "OTHER");
    command.optional("--board", board, "shows the chips of this board on the map", "BOARD");
    manifests.declare(command);
  }
  /// Whether there can be one image only.
  [[nodiscard]] bool of_one() const { return !svg.empty() || !html.empty() || !other.empty(); }
};

/// An image, and as what it is shown.
struct NamedImage {
  std::string name;
  Buffer content;
  std::optional<images::RomEntry> entry;  ///< in a release
};

bool is_wanted(const images::RomEntry& rom, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return rom.name.name == name || rom.name.file() == name ||
                  rom.name.name == name + ".rom";
         });
}

/// Hands every ROM of a release that is wanted to `take`. Throws UsageError where none is.
void each_rom(images::Release& release, const Options& options, Session& session,
              const std::function<void(NamedImage)>& take) {
  bool any = false;
  release.read([&](const images::RomEntry& rom) { return is_wanted(rom, options.roms); },
               [&](images::Rom rom) {
                 any = true;
                 if (rom.padded) rom.content.push_back(0x00);
                 take({rom.entry.member, std::move(rom.content), rom.entry});
               },
               session.stop.get_token());
  if (!any) throw UsageError("--rom: no such ROM in " + release.path().string());
}

/// The only image of `path`. Throws UsageError for a release of several.
NamedImage only_image(const std::string& path, const Options& options, Session& session) {
  // A plain file that is no archive is taken as it is, whatever its name and size: a dump, a
  // descriptor of 4 KiB, a damaged image.
  if (pipeline::is_plain_file(path))
    return {std::filesystem::path(path).filename().string(), read_image_file(path, session), {}};
  images::Release release = images::Release::open(path, session.stop.get_token());
  const auto wanted = std::ranges::count_if(
      release.roms(), [&](const images::RomEntry& rom) { return is_wanted(rom, options.roms); });
  if (wanted > 1)
    throw UsageError(fmt::format("{}: {} ROMs, and a map or comparison is of one", path, wanted),
                     "choose one with --rom");
  NamedImage found;
  each_rom(release, options, session, [&](NamedImage rom) { found = std::move(rom); });
  return found;
}

Json to_json(const NamedImage& image, const pipeline::Inspection& found) {
  Json object = inspection_json(found);
  if (image.entry) {
    object["name"] = image.entry->name.name;
    object["board"] = image.entry->board;
  }
  return object;
}

void write_page(const std::string& path, const std::string& page, Session& session) {
  write_whole(path, as_bytes(page));
  session.terminal.note(fmt::format("{}: {}", path, human_size(page.size())));
}

/// One image: report, comparison, map.
void inspect_one(const Options& options, Session& session) {
  const NamedImage image = only_image(options.input, options, session);
  const auto found = pipeline::inspect_image(image.content);
  session.terminal.print(image.entry ? image.name : options.input);
  show_inspection(found, session.terminal);
  Json object = to_json(image, found);

  std::optional<pipeline::ImageDiff> diff;
  if (!options.other.empty()) {
    const NamedImage other = only_image(options.other, options, session);
    diff = pipeline::diff_images(image.content, found, other.content,
                                 pipeline::inspect_image(other.content));
    show_diff(*diff, options.other, session.terminal);
    object["diff"] = diff_json(*diff, options.other);
    if (!diff->identical()) session.status = exit_failed;
  }
  if (!options.svg.empty() || !options.html.empty()) {
    std::optional<manifests::Board> board;
    if (!options.board.empty())
      board = manifests::Catalogue(manifest_directories(options.manifests.directories))
                  .board(options.board);
    auto map = pipeline::map_image(image.content, found, image.name, board ? &*board : nullptr);
    if (diff)
      pipeline::mark_differences(map, *diff,
                                 std::filesystem::path(options.other).filename().string());
    if (!options.svg.empty()) write_page(options.svg, pipeline::svg_page(map), session);
    if (!options.html.empty()) write_page(options.html, pipeline::html_page(map), session);
  }
  session.terminal.print_json(object);
}

void inspect_release(const Options& options, Session& session) {
  images::Release release = images::Release::open(options.input, session.stop.get_token());
  std::map<std::string, Json> roms;
  each_rom(release, options, session, [&](const NamedImage& rom) {
    const auto found = pipeline::inspect_image(rom.content);
    session.terminal.print(rom.name);
    show_inspection(found, session.terminal);
    roms[rom.name] = to_json(rom, found);
  });
  // One ROM is the object itself, so that an image and a release of one ROM read alike.
  if (roms.size() == 1) return session.terminal.print_json(roms.begin()->second);
  Json list = Json::array();
  for (auto& [member, object] : roms) list.push_back(std::move(object));
  session.terminal.print_json({{"roms", list}});
}

void inspect(const Options& options, Session& session) {
  if (!options.board.empty() && options.svg.empty() && options.html.empty())
    throw UsageError("--board is for a map", "name a file with --svg or --html");
  if (options.of_one() || pipeline::is_plain_file(options.input))
    inspect_one(options, session);
  else
    inspect_release(options, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, inspect); }

}  // namespace

extern const CommandEntry command_inspect{"inspect", "shows what is in an image or a release",
                                          declare};

}  // namespace romwright::cli
