// SPDX-License-Identifier: GPL-2.0-or-later
// What the chip itself tells before it is written: its MAC, and whether it is one of the board's.
#pragma once

#include <optional>

#include "flash/base/event.h"
#include "flash/base/problem.h"
#include "toolkit/images/formats/gbe.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/device.h"

namespace romwright::pipeline {

/// The MAC of the GbE region that the chip's own flash descriptor names, where that is sound.
/// Reads those two regions only; what stands in the way is a note.
std::optional<images::Mac> mac_of_chip(Device& device, EventSink& events, Run& run);

/// What is wrong where the number of chips, or a chip's size, is not as `board` says.
Problems chip_problems(const manifests::Board& board, const Device& device);
/// Throws RefusedError for the same.
void require_chips(const manifests::Board& board, const Device& device);

}  // namespace romwright::pipeline
