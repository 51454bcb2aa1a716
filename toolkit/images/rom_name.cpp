// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/rom_name.h"

#include <algorithm>
#include <array>
#include <vector>

namespace romwright::images {

namespace {

constexpr std::string_view rom_suffix = ".rom";
constexpr std::array<std::string_view, 4> inits = {"libgfxinit", "normal", "vgarom", "fspgop"};
constexpr std::array<std::string_view, 2> displays = {"corebootfb", "txtmode"};
constexpr std::array<std::string_view, 5> tar_suffixes = {".tar.xz", ".tar.gz", ".tar.zst",
                                                          ".tar.bz2", ".tar"};

/// The next part of `rest`, up to an underscore, without taking it.
std::string_view front_part(std::string_view rest) { return rest.substr(0, rest.find('_')); }

void drop_part(std::string_view& rest) {
  const auto end = rest.find('_');
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
}

/// Takes the next part where it is one of `known`.
template <std::size_t N>
std::string take_known(std::string_view& rest, const std::array<std::string_view, N>& known) {
  std::string part(front_part(rest));
  if (std::find(known.begin(), known.end(), part) == known.end()) return {};
  drop_part(rest);
  return part;
}

std::optional<std::string_view> tarball_stem(std::string_view file) {
  for (const std::string_view suffix : tar_suffixes)
    if (file.ends_with(suffix)) return file.substr(0, file.size() - suffix.size());
  return std::nullopt;
}

}  // namespace

std::string RomName::file() const { return (unready ? std::string(unready_prefix) : "") + name; }

std::optional<RomName> parse_rom_name(std::string_view file) {
  RomName result;
  result.unready = file.starts_with(unready_prefix);
  if (result.unready) file.remove_prefix(unready_prefix.size());
  if (!file.ends_with(rom_suffix) || file.size() == rom_suffix.size()) return std::nullopt;
  result.name = file;
  return result;
}

std::optional<RomNameParts> rom_name_parts(std::string_view name, std::string_view board) {
  if (!name.ends_with(rom_suffix) || board.empty()) return std::nullopt;
  name.remove_suffix(rom_suffix.size());
  RomNameParts parts{.payload = std::string(front_part(name))};
  drop_part(name);
  if (parts.payload.empty() || !name.starts_with(board)) return std::nullopt;
  name.remove_prefix(board.size());
  if (name.empty()) return parts;
  if (name.front() != '_') return std::nullopt;
  name.remove_prefix(1);
  parts.init = take_known(name, inits);
  parts.display = take_known(name, displays);
  parts.keymap = name;
  return parts;
}

std::optional<std::string> board_of_tarball(std::string_view file) {
  const auto stem = tarball_stem(file);
  if (!stem || is_source_tarball(file)) return std::nullopt;
  const auto underscore = stem->find('_');
  if (underscore == std::string_view::npos || underscore + 1 == stem->size()) return std::nullopt;
  return std::string(stem->substr(underscore + 1));
}

bool is_source_tarball(std::string_view file) {
  const auto stem = tarball_stem(file);
  return stem && stem->ends_with("_src");
}

}  // namespace romwright::images
