// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor list: what boards need, and where it is at hand.
#include <algorithm>

#include <fmt/format.h>

#include "toolkit/cli/directories.h"
#include "toolkit/cli/vendor/selection.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/cli/vendor_options.h"

namespace romwright::cli {
namespace {

using vendor::FilePlace;
using Kind = FilePlace::Kind;

struct Options {
  VendorSelection selection;
  VendorOptions vendor;
  bool names = false;
  void declare(Arguments& command) {
    selection.declare(command);
    vendor.declare(command);
    command.flag("--names", names, "only the names of all recipes, one a line");
  }
};

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::file:
      return "file";
    case Kind::cached:
      return "cached";
    case Kind::package:
      return "package";
    case Kind::cached_package:
      return "cached_package";
  }
  return {};
}

/// "at hand: vendor/me.bin", "to be downloaded", ...
std::string text_of(const vendor::WantedFile& file, const std::optional<FilePlace>& place,
                    bool offline) {
  if (!place) {
    if (!file.source->download) return "only from you: --vendor-dir";
    return offline ? "missing" : "to be downloaded";
  }
  switch (place->kind) {
    case Kind::file:
      return fmt::format("at hand: {}", place->path);
    case Kind::cached:
      return "in the cache";
    case Kind::package:
      return fmt::format("in {}", place->path);
    case Kind::cached_package:
      return "its package is in the cache";
  }
  return {};
}

void list(const Options& options, Session& session) {
  if (options.names) {
    const auto directories = manifest_directories(options.selection.manifests.directories);
    for (const std::string& name : manifests::Catalogue(directories).recipe_names())
      session.terminal.print(name);
    return;
  }
  const vendor::VendorStore store = options.vendor.local_store();
  const std::vector<pipeline::NeededFile> files = options.selection.files();
  std::size_t name_width = 0, recipe_width = 0;
  for (const auto& [file, boards] : files) {
    name_width = std::max(name_width, file.name.size());
    recipe_width = std::max(recipe_width, file.recipe.size());
  }
  Json all = Json::array();
  for (const pipeline::NeededFile& needed : files) {
    const vendor::WantedFile& file = needed.file;
    const auto place = store.locate(file);
    session.terminal.print(
        fmt::format("{:<{}}  {:<{}}  {:>12}  {}  {}", file.name, name_width, file.recipe,
                    recipe_width, file.size ? human_size(*file.size) : "-",
                    file.sha512.substr(0, 16), text_of(file, place, options.vendor.offline)));
    Json entry = to_json(needed);
    entry["at_hand"] = place.has_value();
    entry["place"] = place ? Json(word_of(place->kind)) : Json(nullptr);
    entry["path"] = place ? Json(place->path) : Json(nullptr);
    entry["urls"] = file.source->download ? Json(file.source->download->urls) : Json::array();
    all.push_back(std::move(entry));
  }
  if (files.empty()) session.terminal.note("no vendor files are needed");
  session.terminal.print_json({{"files", all}});
}

}  // namespace

void declare_vendor_list(Arguments& command, Session& session) {
  on_command(command, session, list);
}

}  // namespace romwright::cli
