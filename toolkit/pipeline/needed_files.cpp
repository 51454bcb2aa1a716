// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/needed_files.h"

#include <algorithm>

#include "flash/base/error.h"

namespace romwright::pipeline {

namespace {

NeededFile& entry_of(std::vector<NeededFile>& files, vendor::WantedFile file) {
  const auto at = std::ranges::find_if(files, [&](const NeededFile& known) {
    return known.file.sha512 == file.sha512 && known.file.recipe == file.recipe &&
           known.file.name == file.name;
  });
  if (at != files.end()) return *at;
  files.push_back({std::move(file), {}});
  return files.back();
}

}  // namespace

std::vector<NeededFile> files_of_boards(const std::vector<manifests::Board>& boards,
                                        const manifests::Catalogue& catalogue) {
  std::vector<NeededFile> files;
  std::vector<ManifestError> errors;
  const auto add = [&](const manifests::Board& board, const manifests::FileReference& reference) {
    try {
      const auto [recipe, result] = catalogue.resolve(board, reference);
      std::vector<std::string>& names = entry_of(files, vendor::wanted_file(recipe, result)).boards;
      if (names.empty() || names.back() != board.name) names.push_back(board.name);
    } catch (const ManifestError& error) {
      errors.push_back(error);
    }
  };
  for (const manifests::Board& board : boards) {
    for (const manifests::Insert& insert : board.insert) add(board, insert.file);
    for (const manifests::SeparateChip& chip : board.separate_chips) add(board, chip.file);
  }
  throw_all(errors);
  return files;
}

void add_results(const std::vector<manifests::Recipe>& recipes, std::vector<NeededFile>& files) {
  for (const manifests::Recipe& recipe : recipes)
    for (const manifests::RecipeResult& result : recipe.results)
      (void)entry_of(files, vendor::wanted_file(recipe, result));
}

}  // namespace romwright::pipeline
