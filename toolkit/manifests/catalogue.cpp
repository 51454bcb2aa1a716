// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/catalogue.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "flash/base/nearest.h"

namespace romwright::manifests {

namespace fs = std::filesystem;

namespace {

/// Lists the `.yaml` files below `folder`, by their names without the ending.
void list_files(const fs::path& folder, int depth,
                std::map<std::string, fs::path, std::less<>>& all,
                std::vector<ManifestError>& errors) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator at(folder, error);
  while (!error && at != fs::recursive_directory_iterator()) {
    if (at.depth() >= depth) at.disable_recursion_pending();
    const fs::path& path = at->path();
    if (path.extension() == ".yaml" && !path.stem().empty() &&
        !path.filename().string().starts_with('.'))
      files.push_back(path);
    at.increment(error);
  }
  if (error) errors.emplace_back(Mark{folder.string(), 0, 0}, "", error.message());
  std::sort(files.begin(), files.end());
  std::map<std::string, fs::path, std::less<>> found;
  for (const fs::path& file : files) {
    const auto [first, added] = found.emplace(file.stem().string(), file);
    if (!added)
      errors.emplace_back(Mark{file.string(), 0, 0}, "",
                          fmt::format("'{}' is also in {}", first->first, first->second.string()));
  }
  found.merge(all);
  all = std::move(found);
}

/// Loads all of `files`; problems are collected.
template <typename Manifest>
std::vector<Manifest> load_all(const std::map<std::string, fs::path, std::less<>>& files,
                               Manifest (*load)(const fs::path&),
                               std::vector<ManifestError>& errors) {
  std::vector<Manifest> loaded;
  for (const auto& [name, path] : files) {
    try {
      loaded.push_back(load(path));
    } catch (const ManifestError& error) {
      errors.push_back(error);
    }
  }
  return loaded;
}

/// A manifest in the catalogue is found by the name of its file.
template <typename Manifest>
Manifest load_named(const fs::path& path, Manifest (*load)(const fs::path&)) {
  Manifest manifest = load(path);
  if (manifest.name != path.stem().string())
    throw ManifestError({path.string(), 0, 0}, "",
                        fmt::format("it is named '{}' inside", manifest.name),
                        fmt::format("name the file {}.yaml", manifest.name));
  return manifest;
}
Board load_named_board(const fs::path& path) { return load_named(path, load_board); }
Recipe load_named_recipe(const fs::path& path) { return load_named(path, load_recipe); }

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".yaml");
}

std::string suggest(std::string_view given, const std::vector<std::string>& known,
                    std::string otherwise) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string close = nearest(given, names);
  return close.empty() ? std::move(otherwise) : fmt::format("did you mean '{}'?", close);
}

std::vector<std::string> names_of(const std::map<std::string, fs::path, std::less<>>& files) {
  std::vector<std::string> names;
  for (const auto& [name, path] : files) names.push_back(name);
  return names;
}

/// A name or alias that stands for two boards.
void check_names(const std::vector<Board>& boards, std::vector<ManifestError>& errors) {
  std::map<std::string, const Board*> owners;
  for (const Board& board : boards) owners.emplace(board.name, &board);
  for (const Board& board : boards)
    for (const std::string& alias : board.aliases)
      if (const auto [at, added] = owners.emplace(alias, &board); !added)
        errors.emplace_back(
            Mark{board.file.string(), 0, 0}, "",
            fmt::format("alias '{}' stands for {} already", alias, at->second->name));
}

ManifestError error_at(const FileReference& reference, std::string what, std::string hint = {}) {
  return {reference.mark, reference.line, std::move(what), std::move(hint)};
}

/// The result that `reference` means; nullptr where that is not clear.
const RecipeResult* choose_result(const Recipe& recipe, const FileReference& reference) {
  if (reference.result.empty())
    return recipe.results.size() == 1 ? &recipe.results.front() : nullptr;
  for (const RecipeResult& result : recipe.results)
    if (result.name == reference.result) return &result;
  return nullptr;
}

/// The room that `insert` has, and what it is called.
std::pair<std::optional<std::uint64_t>, std::string> room_of(const Board& board,
                                                             const Insert& insert) {
  if (const auto* region = std::get_if<RegionTarget>(&insert.target)) {
    const auto& descriptor = board.image.descriptor;
    if (!descriptor) return {};
    const auto at = descriptor->expect.find(region->region);
    if (at == descriptor->expect.end()) return {};
    return {at->second.size, "region " + region->region};
  }
  return {board.cbfs.size.value_or(board.image.size), "CBFS"};
}

}  // namespace

Catalogue::Catalogue(const std::vector<fs::path>& directories) {
  std::vector<ManifestError> errors;
  for (const fs::path& directory : directories) {
    std::error_code ignored;
    if (!fs::is_directory(directory / "layouts", ignored) &&
        !fs::is_directory(directory / "vendorfiles", ignored))
      throw UsageError(fmt::format("{}: holds no manifests", directory.string()),
                       "they are in layouts/ and vendorfiles/");
    list_files(directory / "layouts", 2, boards_, errors);
    list_files(directory / "vendorfiles", 0, recipes_, errors);
  }
  throw_all(errors);
}

Board Catalogue::board(const std::string& name) const {
  if (is_path(name)) {
    std::error_code ignored;
    if (!fs::exists(name, ignored))
      throw UsageError(fmt::format("{}: there is no such manifest", name),
                       "see 'romwright boards'");
    return load_board(name);
  }
  const auto at = boards_.find(name);
  return at == boards_.end() ? board_by_alias(name) : load_named_board(at->second);
}

Board Catalogue::board_by_alias(const std::string& alias) const {
  std::vector<ManifestError> errors;
  std::vector<std::string> known = board_names();
  std::vector<Board> meant;
  for (Board& board : load_all(boards_, load_named_board, errors)) {
    known.insert(known.end(), board.aliases.begin(), board.aliases.end());
    if (std::find(board.aliases.begin(), board.aliases.end(), alias) != board.aliases.end())
      meant.push_back(std::move(board));
  }
  if (meant.size() == 1) return meant.front();
  if (meant.size() > 1)
    throw UsageError(fmt::format("'{}' stands for several boards", alias),
                     fmt::format("{} or {}", meant[0].name, meant[1].name));
  UsageError error(fmt::format("unknown board '{}'", alias),
                   suggest(alias, known, "see 'romwright boards'"));
  for (const ManifestError& other : errors) error.also(other);
  throw error;
}

std::vector<Board> Catalogue::boards() const {
  std::vector<ManifestError> errors;
  std::vector<Board> boards = load_all(boards_, load_named_board, errors);
  check_names(boards, errors);
  throw_all(errors);
  return boards;
}

std::vector<std::string> Catalogue::board_names() const { return names_of(boards_); }

std::vector<std::string> Catalogue::recipe_names() const { return names_of(recipes_); }

Recipe Catalogue::recipe(const std::string& name) const {
  const auto at = recipes_.find(name);
  if (at == recipes_.end())
    throw UsageError(fmt::format("unknown vendor file '{}'", name),
                     suggest(name, names_of(recipes_), "see 'romwright vendor list'"));
  return load_named_recipe(at->second);
}

std::vector<Recipe> Catalogue::recipes() const {
  std::vector<ManifestError> errors;
  std::vector<Recipe> recipes = load_all(recipes_, load_named_recipe, errors);
  throw_all(errors);
  return recipes;
}

fs::path Catalogue::recipe_file(const Board& board, const std::string& name) const {
  const auto own = boards_.find(board.name);
  std::error_code ignored;
  if (own == boards_.end() || own->second != board.file) {
    // layouts/<vendor>/<board>.yaml lies two below the folder that holds vendorfiles/.
    fs::path folder = fs::absolute(board.file, ignored).lexically_normal().parent_path();
    for (int up = 0; up < 3; ++up, folder = folder.parent_path()) {
      const fs::path file = folder / "vendorfiles" / (name + ".yaml");
      if (fs::is_regular_file(file, ignored)) return file;
    }
  }
  const auto at = recipes_.find(name);
  return at == recipes_.end() ? fs::path() : at->second;
}

ResolvedFile Catalogue::resolve(const Board& board, const FileReference& reference) const {
  const fs::path file = recipe_file(board, reference.file);
  if (file.empty())
    throw error_at(reference, fmt::format("there is no vendor file '{}'", reference.file),
                   suggest(reference.file, names_of(recipes_),
                           fmt::format("it would be vendorfiles/{}.yaml", reference.file)));
  ResolvedFile resolved{load_named_recipe(file), {}};
  const RecipeResult* result = choose_result(resolved.recipe, reference);
  if (result == nullptr) {
    std::vector<std::string> names;
    for (const RecipeResult& known : resolved.recipe.results) names.push_back(known.name);
    throw error_at(reference,
                   reference.result.empty()
                       ? fmt::format("'{}' has several results", reference.file)
                       : fmt::format("'{}' has no result '{}'", reference.file, reference.result),
                   fmt::format("say result: {}", fmt::join(names, " or ")));
  }
  resolved.result = *result;
  return resolved;
}

std::vector<ManifestError> Catalogue::check(const Board& board) const {
  std::vector<ManifestError> errors;
  const auto check_file = [&](const FileReference& reference, std::optional<std::uint64_t> room,
                              const std::string& where) {
    try {
      const RecipeResult result = resolve(board, reference).result;
      if (room && result.size && *result.size > *room)
        errors.push_back(
            error_at(reference, fmt::format("{} with {} does not fit {} with {}", result.name,
                                            human_size(*result.size), where, human_size(*room))));
    } catch (const ManifestError& error) {
      errors.push_back(error);
    }
  };
  for (const Insert& insert : board.insert) {
    const auto [room, where] = room_of(board, insert);
    check_file(insert.file, room, where);
  }
  for (const SeparateChip& chip : board.separate_chips)
    check_file(chip.file, chip.size, "chip " + chip.name);
  return errors;
}

}  // namespace romwright::manifests
