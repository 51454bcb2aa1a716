// SPDX-License-Identifier: GPL-2.0-or-later
// All manifests that there are: finds boards by name, and the vendor files that they refer to.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "toolkit/manifests/board.h"
#include "toolkit/manifests/recipe.h"

namespace romwright::manifests {

/// A result with its recipe.
struct ResolvedFile {
  Recipe recipe;
  RecipeResult result;
};

/// Knows the files by their names, and reads one only when it is asked for.
class Catalogue {
 public:
  /// `directories` hold `layouts/` (`**.yaml`) or `vendorfiles/` (`*.yaml`) or both. A later
  /// one's manifests stand for those of the same name in an earlier one. Throws UsageError for a
  /// directory with neither, ManifestError for two manifests of one name within a directory.
  explicit Catalogue(const std::vector<std::filesystem::path>& directories);

  /// The board by name, by alias, or, with a '/' or the ending .yaml, by its file. Throws
  /// UsageError where there is none, with the nearest name, and as load_board.
  [[nodiscard]] Board board(const std::string& name) const;
  /// All, by name. Throws the problems of every manifest together, aliases that stand for two
  /// boards among them.
  [[nodiscard]] std::vector<Board> boards() const;
  [[nodiscard]] std::vector<std::string> board_names() const;

  /// Throws UsageError where there is none, with the nearest name, and as load_recipe.
  [[nodiscard]] Recipe recipe(const std::string& name) const;
  /// All, by name. Throws the problems of every manifest together.
  [[nodiscard]] std::vector<Recipe> recipes() const;
  [[nodiscard]] std::vector<std::string> recipe_names() const;

  /// The result that `board` means. For a board that was given by its file, the nearest
  /// `vendorfiles/` beside or above that comes first. Throws ManifestError at the place in the
  /// board where the recipe, or the result, does not exist, or is not told apart.
  [[nodiscard]] ResolvedFile resolve(const Board& board, const FileReference& reference) const;

  /// Every vendor file of `board` that does not resolve, or does not fit its region, CBFS or chip.
  [[nodiscard]] std::vector<ManifestError> check(const Board& board) const;

 private:
  using Files = std::map<std::string, std::filesystem::path, std::less<>>;

  [[nodiscard]] Board board_by_alias(const std::string& alias) const;
  [[nodiscard]] std::filesystem::path recipe_file(const Board& board,
                                                  const std::string& name) const;

  Files boards_;
  Files recipes_;
};

}  // namespace romwright::manifests
