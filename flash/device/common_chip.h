// SPDX-License-Identifier: GPL-2.0-or-later
// What several chips that cannot be told apart have in common: enough to work with any of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flash/chips/chip.h"
#include "flash/device/owned_chip.h"

namespace romwright::flash {

struct CommonChip {
  OwnedChip chip;
  std::vector<std::string> notes;  ///< what is left out, one line each
};

/// The chip that behaves as each of `rows` (at least one) would: the smallest page, the erase
/// commands and ways of addressing that all have, every need (a write enable first, pages that are
/// programmed once) that one has. Its name, vendor and times are the first's. Nothing where the
/// rows have too little in common: another size, another way of programming, no common erase, no
/// common way to address more than 16 MiB.
std::optional<CommonChip> common_chip(std::span<const Chip* const> rows);

/// Whether both erase commands have the same opcode and the same blocks.
bool same_erase(const Chip& a, const ChipErase& first, const Chip& b, const ChipErase& second);

}  // namespace romwright::flash
