// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/strip.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/pipeline/each_rom.h"
#include "toolkit/pipeline/release_output.h"
#include "toolkit/pipeline/steps/board_check.h"
#include "toolkit/pipeline/steps/insert.h"

namespace romwright::pipeline {

std::string stripped_member(const images::RomEntry& rom, const manifests::Board& board,
                            const std::vector<Insertion>& insertions) {
  images::RomEntry entry = rom;
  entry.name.name = images::RomName{rom.name.name, !insertions.empty()}.file();
  return complete_member(entry, board);
}

StrippedRom strip_rom(const manifests::Board& board, const std::vector<Insertion>& insertions,
                      images::Rom rom) {
  StrippedRom stripped;
  stripped.entry = rom.entry;
  stripped.content = std::move(rom.content);
  check_for_board(stripped.content, board, insertions).require_sound();
  stripped.complete_sha512 = hex_digest(Hash::sha512, stripped.content);
  std::for_each(insertions.rbegin(), insertions.rend(), [&](const Insertion& insertion) {
    within(describe(insertion), [&] { remove_file(stripped.content, insertion); });
  });
  stripped.unready = !insertions.empty();
  if (stripped.unready) stripped.content.push_back(0x00);
  stripped.member = stripped_member(stripped.entry, board, insertions);
  return stripped;
}

void strip_release(images::Release& release, const manifests::Board& board,
                   const std::vector<Insertion>& insertions,
                   const std::vector<images::RomEntry>& roms,
                   const std::function<void(StrippedRom)>& take, Run& run) {
  each_rom<StrippedRom>(
      release, roms, "stripping",
      [&](images::Rom rom) { return strip_rom(board, insertions, std::move(rom)); }, take, run);
}

}  // namespace romwright::pipeline
