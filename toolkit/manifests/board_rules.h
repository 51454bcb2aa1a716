// SPDX-License-Identifier: GPL-2.0-or-later
// What the values of a board manifest must be to each other.
#pragma once

#include <vector>

#include "toolkit/manifests/board.h"

namespace romwright::manifests {

/// Every contradiction in `board`, which `document` says.
std::vector<ManifestError> check_board(const YamlDocument& document, const Board& board);

}  // namespace romwright::manifests
