// SPDX-License-Identifier: GPL-2.0-or-later
// The two stages in which a machine whose firmware locks the top block writes itself: a copy of the
// boot block below the lock is booted from by top swap, and then the top block is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "flash/base/finding.h"
#include "flash/bus/flash.h"
#include "flash/bus/top_swap.h"

namespace romwright::pipeline {

enum class SwapStage {
  none,    ///< an ordinary write does
  first,   ///< everything but the top; top swap is set behind it
  second,  ///< the top; top swap is cleared behind it
};

/// "top swap is set", "top swap is cleared": how a journal names what concludes a stage.
[[nodiscard]] std::string conclusion(SwapStage stage);
/// The stage that ends so; `none` for any other text.
[[nodiscard]] SwapStage stage_that_ends(std::string_view conclusion);

/// What is left to do when a stage was finished, or undone, from its journal.
[[nodiscard]] std::string left_after_recovery(SwapStage stage, bool undone);

struct StagedWrite {
  SwapStage stage = SwapStage::none;
  Buffer target;                  ///< of the whole chip
  std::vector<Range> allowed;     ///< what this stage may change
  std::vector<std::string> plan;  ///< what is to be done, one line each
  std::string afterwards;         ///< what is left to do
};

/// Which stage `image` is at: goes by the chip, its protections and the bit. `block` is what the
/// board's manifest says of it (internal.boot_block_swap), nothing for boards that do not. Throws
/// RefusedError where neither stage is possible: BILD is set, the image uses the block for the
/// copy, or the machine has not been switched off since the first stage.
[[nodiscard]] StagedWrite plan_boot_block_swap(flash::Flash& chip, flash::TopSwap* swap,
                                               std::optional<std::uint64_t> block, ConstBytes image,
                                               Run& run);

/// "two_stages": what they do about a locked top block, or what keeps them from it; nothing where
/// an ordinary write does. Changes nothing.
[[nodiscard]] std::optional<Finding> two_stages_finding(flash::Flash& chip, flash::TopSwap* swap,
                                                        std::optional<std::uint64_t> block);

}  // namespace romwright::pipeline
