// SPDX-License-Identifier: GPL-2.0-or-later
// One programmer for a board with several chips: which of them is the clip on?
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "flash/base/bytes.h"
#include "toolkit/pipeline/split.h"

namespace romwright::pipeline {

/// What is known of the chip that the clip is on.
struct ChipContent {
  std::uint64_t size = 0;
  ConstBytes content;  ///< from its start on; the first 4 KiB at least
};

/// The index in `parts` of `chip`, told by its size, and by the content
/// where several have that size: a flash descriptor begins the first chip only, and a chip that was
/// written before has blocks in common with its part of `image`. `named` is the user's answer, or
/// empty; a wrong one is refused. Throws RefusedError where no chip of the board can be meant, or
/// more than one, and UsageError for an unknown name.
std::size_t find_part(std::span<const ChipPart> parts, ConstBytes image, const ChipContent& chip,
                      const std::string& named);

/// True when several parts have that size, so that the whole content is needed to tell them apart.
bool needs_content(std::span<const ChipPart> parts, std::uint64_t chip_size);

}  // namespace romwright::pipeline
