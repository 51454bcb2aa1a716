// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/vendor/selection.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/cli/directories.h"

namespace romwright::cli {

void VendorSelection::declare(Arguments& command) {
  command.optional("RECIPE", recipes, "vendor files by the names of their recipes");
  command.repeated("--board", boards, "what this board needs; may be repeated", "BOARD");
  command.flag("--all", all, "every vendor file that there is a recipe for");
  manifests.declare(command);
}

void VendorSelection::require_any(const std::string& command) const {
  if (nothing())
    throw UsageError("which vendor files?",
                     fmt::format("such as 'romwright vendor {} --board x230_12mb', or name "
                                 "recipes, or --all",
                                 command));
}

std::vector<pipeline::NeededFile> VendorSelection::files() const {
  const manifests::Catalogue catalogue(manifest_directories(manifests.directories));
  std::vector<manifests::Board> named;
  for (const std::string& name : boards) named.push_back(catalogue.board(name));
  if (nothing() || all) named = catalogue.boards();
  std::vector<pipeline::NeededFile> files = pipeline::files_of_boards(named, catalogue);
  std::vector<manifests::Recipe> chosen;
  for (const std::string& name : recipes) chosen.push_back(catalogue.recipe(name));
  if (nothing() || all) chosen = catalogue.recipes();
  pipeline::add_results(chosen, files);
  return files;
}

std::string title_of(const vendor::WantedFile& file) {
  return fmt::format("{} ({})", file.name, file.recipe);
}

Json to_json(const pipeline::NeededFile& needed) {
  return {{"name", needed.file.name},
          {"recipe", needed.file.recipe},
          {"size", needed.file.size ? Json(*needed.file.size) : Json(nullptr)},
          {"sha512", needed.file.sha512},
          {"boards", needed.boards}};
}

}  // namespace romwright::cli
