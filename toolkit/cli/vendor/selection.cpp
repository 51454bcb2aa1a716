// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/vendor/selection.h"

#include <optional>

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
  std::optional<ManifestError> wrong;
  // What is wrong with boards does not hide what is wrong with recipes.
  const auto load = [&](const auto& some, const auto& every) {
    try {
      return nothing() || all ? every() : some();
    } catch (const ManifestError& error) {
      if (wrong)
        wrong->also(error);
      else
        wrong = error;
      return decltype(every()){};
    }
  };
  const auto named = load(
      [&] {
        std::vector<manifests::Board> found;
        for (const std::string& name : boards) found.push_back(catalogue.board(name));
        return found;
      },
      [&] { return catalogue.boards(); });
  const auto chosen = load(
      [&] {
        std::vector<manifests::Recipe> found;
        for (const std::string& name : recipes) found.push_back(catalogue.recipe(name));
        return found;
      },
      [&] { return catalogue.recipes(); });
  if (wrong) throw *wrong;
  std::vector<pipeline::NeededFile> files = pipeline::files_of_boards(named, catalogue);
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
