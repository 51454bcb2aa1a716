// SPDX-License-Identifier: GPL-2.0-or-later
// Which ROMs of a release are meant.
#pragma once

#include <string>
#include <vector>

#include "toolkit/images/release.h"
#include "toolkit/manifests/board.h"

namespace romwright::pipeline {

/// The ROMs of `release` that belong to `board` and that one of `patterns` (file name, with or
/// without prefix and .rom, or shell pattern; none: all) means. Throws RefusedError where the
/// release is of other boards, UsageError where a pattern means none.
std::vector<images::RomEntry> choose_roms(const images::Release& release,
                                          const manifests::Board& board,
                                          const std::vector<std::string>& patterns);

/// Whether choose_roms can choose `rom`: by its board, and by the patterns.
bool may_be_chosen(const images::RomEntry& rom, const manifests::Board& board,
                   const std::vector<std::string>& patterns);

}  // namespace romwright::pipeline
