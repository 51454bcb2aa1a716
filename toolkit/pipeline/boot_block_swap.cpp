// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/boot_block_swap.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::pipeline {
namespace {

constexpr const char* set = "top swap is set";
constexpr const char* cleared = "top swap is cleared";
constexpr const char* after_first =
    "stage 1 is done: switch the machine off, and on again (no restart), and run the same "
    "command; do not take the CMOS battery out before stage 2 is done";

/// Whether what cannot be lifted locks something of the top block, and nothing below it.
bool only_top_locked(flash::Flash& chip, Range top) {
  bool locked = false;
  for (const flash::Protection& one : chip.protections()) {
    if (one.removable) continue;
    if (one.range.overlaps({0, top.offset})) return false;
    locked = locked || one.range.overlaps(top);
  }
  return locked;
}

StagedWrite first_stage(ConstBytes image, ConstBytes top_now, Range below, Range top,
                        std::uint8_t erased) {
  const ConstBytes boot_block = slice(image, top, "image");
  const ConstBytes room = slice(image, below, "image");
  if (!std::ranges::all_of(room, [&](std::uint8_t byte) { return byte == erased; }) &&
      !std::ranges::equal(room, boot_block))
    throw RefusedError(
        fmt::format("{}: the image uses what the copy of its boot block needs", to_string(below)),
        "choose an image without a payload there (SeaBIOS alone), or use an external programmer");
  StagedWrite staged{
      SwapStage::first, Buffer(image.begin(), image.end()), {{0, top.offset}}, {}, {}};
  std::ranges::copy(boot_block, slice(Bytes(staged.target), below, "image").begin());
  std::ranges::copy(top_now, slice(Bytes(staged.target), top, "image").begin());
  staged.plan = {
      fmt::format("the firmware locks {}: stage 1 of 2", to_string(top)),
      fmt::format("1. the boot block is copied to {}, everything below {} is written and verified",
                  to_string(below), to_string(top)),
      "2. BUC.TS is set: the machine boots from the copy",
      "3. switch the machine off, and on again (no restart), and run the same command: stage 2"};
  staged.afterwards = after_first;
  return staged;
}

StagedWrite second_stage(ConstBytes image, Range below, Range top) {
  StagedWrite staged{SwapStage::second, Buffer(image.begin(), image.end()), {top}, {}, {}};
  staged.plan = {fmt::format("top swap is set, and {} is open: stage 2 of 2", to_string(top)),
                 fmt::format("1. {} is written and verified", to_string(top)),
                 "2. BUC.TS is cleared: the machine boots from the top again",
                 fmt::format("3. everything else is made equal to the image, the copy at {} goes",
                             to_string(below))};
  staged.afterwards = "stage 2 is done: the machine boots from the top block, and all is open";
  return staged;
}

}  // namespace

std::string conclusion(SwapStage stage) {
  return stage == SwapStage::first ? set : stage == SwapStage::second ? cleared : "";
}

SwapStage stage_that_ends(std::string_view text) {
  return text == set ? SwapStage::first : text == cleared ? SwapStage::second : SwapStage::none;
}

std::string left_after_recovery(SwapStage stage, bool undone) {
  switch (stage) {
    case SwapStage::first:
      return undone ? "stage 1 is undone: the machine boots from the top block" : after_first;
    case SwapStage::second:
      return undone ? "stage 2 is undone: the machine boots from the copy of the boot block; run "
                      "the command of stage 1 again for stage 2"
                    : "the top block is written, and the machine boots from it: run the command of "
                      "stage 1 again, which removes the copy of the boot block";
    case SwapStage::none:
      break;
  }
  return "";
}

StagedWrite plan_boot_block_swap(flash::Flash& chip, flash::TopSwap* swap,
                                 std::optional<std::uint64_t> block, ConstBytes image, Run& run) {
  const std::uint64_t size = chip.geometry().size;
  if (!block || swap == nullptr || *block != swap->block_size() || image.size() != size ||
      size < 2 * *block)
    return {};
  const Range top{size - *block, *block}, below{size - 2 * *block, *block};
  const bool locked = only_top_locked(chip, top);
  Buffer top_now(*block);
  chip.read(top.offset, top_now, run);
  if (!swap->is_set()) {
    if (!locked || std::ranges::equal(top_now, slice(image, top, "image"))) return {};
    if (swap->is_locked())
      throw RefusedError(
          fmt::format("the firmware locks {}, and top swap too (BILD is 1)", to_string(top)),
          "use an external programmer for the first write");
    return first_stage(image, top_now, below, top, chip.geometry().erased_value);
  }
  if (locked)
    throw RefusedError(
        fmt::format("top swap is set, and {} is locked: the machine still runs the firmware that "
                    "locked it",
                    to_string(top)),
        "switch the machine off, and on again (no restart), and run the same command");
  if (swap->is_locked())
    throw RefusedError("top swap is set, and locked until reset (BILD is 1)",
                       "use an external programmer");
  return second_stage(image, below, top);
}

std::optional<Finding> two_stages_finding(flash::Flash& chip, flash::TopSwap* swap,
                                          std::optional<std::uint64_t> block) {
  const std::uint64_t size = chip.geometry().size;
  if (!block || swap == nullptr || *block != swap->block_size() || size < 2 * *block)
    return std::nullopt;
  const Range top{size - *block, *block};
  const bool locked = only_top_locked(chip, top), swapped = swap->is_set();
  if (!locked && !swapped) return std::nullopt;
  if (locked && swapped)
    return Finding{"two_stages", FindingStatus::problem,
                   fmt::format("top swap is set, and {} is locked: the machine still runs the "
                               "firmware that locked it",
                               to_string(top)),
                   "switch the machine off, and on again (no restart)"};
  if (swap->is_locked())
    return Finding{
        "two_stages", FindingStatus::problem,
        locked ? fmt::format("the firmware locks {}, and top swap too (BILD is 1)", to_string(top))
               : "top swap is set, and locked until reset (BILD is 1)",
        "use an external programmer"};
  if (locked)
    return Finding{
        "two_stages", FindingStatus::warning,
        fmt::format("the firmware locks {}: a write goes round it in two stages", to_string(top)),
        "'flash' and 'write --board' show them with --dry-run, and carry them out with "
        "--yes; see docs/internal.md"};
  return Finding{
      "two_stages", FindingStatus::warning,
      fmt::format("top swap is set, and {} is open: stage 2 of 2 is left", to_string(top)),
      "run the 'flash' or 'write --board' of stage 1 again"};
}

}  // namespace romwright::pipeline
