// SPDX-License-Identifier: GPL-2.0-or-later
// Which of several chips that share an id is meant: a pure choice.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/chips/chip.h"
#include "flash/device/owned_chip.h"

namespace romwright::flash {

struct ChipChoice {
  OwnedChip chip;
  std::vector<std::string> notes;
};

/// Chooses among `candidates` (at least one). Rows that contradict `sfdp` (nullptr: the chip has
/// none) are dropped. Of what is left the first is taken, reduced to what all have in common;
/// UsageError with all names where that is too little to work with.
ChipChoice choose_chip(std::span<const Chip* const> candidates, const Chip* sfdp);

/// "Winbond W25Q64FV".
std::string full_name(const Chip& chip);

}  // namespace romwright::flash
