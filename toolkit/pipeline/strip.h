// SPDX-License-Identifier: GPL-2.0-or-later
// The reverse of preparing, for who makes releases: vendor files out, hashes noted.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "toolkit/images/hash_list.h"
#include "toolkit/images/release.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::pipeline {

/// A ROM without vendor files, as it lies in a release.
struct StrippedRom {
  images::RomEntry entry;       ///< as it came
  std::string member;           ///< its path in the release, with the prefix where it is unready
  Buffer content;               ///< with the padding byte where it is unready
  std::string complete_sha512;  ///< of the ROM before it was stripped
  bool unready = false;         ///< vendor files were taken out
};

/// The path that a ROM has in the release once it is stripped: with the prefix where vendor files
/// were taken out.
std::string stripped_member(const images::RomEntry& rom, const manifests::Board& board,
                            const std::vector<Insertion>& insertions);

/// Strips one ROM. Throws VendorError where a vendor file is missing in it already or is not the
/// pinned one: what could not be put back is not taken out.
StrippedRom strip_rom(const manifests::Board& board, const std::vector<Insertion>& insertions,
                      images::Rom rom);

/// Strips every ROM of `roms`, several at once; as prepare_release.
void strip_release(images::Release& release, const manifests::Board& board,
                   const std::vector<Insertion>& insertions,
                   const std::vector<images::RomEntry>& roms,
                   const std::function<void(StrippedRom)>& take, Run& run);

}  // namespace romwright::pipeline
