// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/rom_choice.h"

#include <algorithm>
#include <fnmatch.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"

namespace romwright::pipeline {

namespace {

bool is_for(const images::RomEntry& rom, const manifests::Board& board) {
  return rom.board.empty() || rom.board == board.name ||
         std::find(board.aliases.begin(), board.aliases.end(), rom.board) != board.aliases.end();
}

/// A pattern means a ROM by its name, with or without the prefix and ".rom".
bool means(const std::string& pattern, const images::RomEntry& rom) {
  const std::string& name = rom.name.name;
  const std::string stem = name.substr(0, name.size() - 4);
  for (const std::string& candidate : {name, stem, rom.name.file()})
    if (fnmatch(pattern.c_str(), candidate.c_str(), 0) == 0) return true;
  return false;
}

}  // namespace

bool may_be_chosen(const images::RomEntry& rom, const manifests::Board& board,
                   const std::vector<std::string>& patterns) {
  return is_for(rom, board) &&
         (patterns.empty() ||
          std::ranges::any_of(patterns, [&](const std::string& one) { return means(one, rom); }));
}

std::vector<images::RomEntry> choose_roms(const images::Release& release,
                                          const manifests::Board& board,
                                          const std::vector<std::string>& patterns) {
  std::vector<images::RomEntry> own;
  for (const images::RomEntry& rom : release.roms())
    if (is_for(rom, board)) own.push_back(rom);
  if (own.empty())
    throw RefusedError(fmt::format("{}: the ROMs are for {}, not for {}", release.path().string(),
                                   fmt::join(release.boards(), ", "), board.name),
                       "see 'romwright boards'");
  if (patterns.empty()) return own;
  std::vector<images::RomEntry> chosen;
  std::vector<UsageError> errors;
  for (const std::string& pattern : patterns) {
    bool known = false;
    for (const images::RomEntry& rom : own) {
      if (!means(pattern, rom)) continue;
      known = true;
      if (std::find(chosen.begin(), chosen.end(), rom) == chosen.end()) chosen.push_back(rom);
    }
    if (known) continue;
    std::vector<std::string_view> names;
    for (const images::RomEntry& rom : own) names.emplace_back(rom.name.name);
    const std::string close = nearest(pattern, names);
    errors.emplace_back(
        fmt::format("--rom {}: no such ROM in {}", pattern, release.path().string()),
        close.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                      : fmt::format("did you mean '{}'?", close));
  }
  throw_all(errors);
  return chosen;
}

}  // namespace romwright::pipeline
