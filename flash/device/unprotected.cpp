// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/unprotected.h"

#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/erase_plan.h"

namespace romwright::flash {
namespace {

bool touches(std::span<const FlashStep> steps, Range range) {
  for (const FlashStep& step : steps)
    for (const Range& touched : touched_ranges(step))
      if (touched.overlaps(range)) return true;
  return false;
}

}  // namespace

Unprotected::Unprotected(const Chip& chip, StatusAccess& status, std::span<const FlashStep> steps)
    : chip_(chip), status_(status) {
  const StatusRegisters now = status_.read();
  const ProtectionState state = decode_protection(chip_, now);
  if (!touches(steps, state.range)) return;
  if (state.mode == ProtectionMode::power_cycle || state.mode == ProtectionMode::permanent)
    throw ProtectedError(state.range,
                         fmt::format("{}: protected by the status register ({}), which is locked",
                                     to_string(state.range), state.bits),
                         state.mode == ProtectionMode::power_cycle ? "cut the chip's power once"
                                                                   : "the lock is permanent");
  before_ = now;
  StatusRegisters got = status_.write(now, without_protection(chip_, now), false);
  // Some chips unlock their register first, and take the other bits only then.
  if (!decode_protection(chip_, got).range.empty())
    got = status_.write(got, without_protection(chip_, got), false);
  if (decode_protection(chip_, got).range.empty()) return;
  before_.reset();
  throw ProtectedError(state.range,
                       fmt::format("{}: protected by the status register ({}), which does not "
                                   "take a change",
                                   to_string(state.range), state.bits),
                       "the WP# pin may be low");
}

Unprotected::~Unprotected() {
  try {
    restore();
  } catch (const Error&) {
    // The error that brought us here says more than this one would.
    before_.reset();
  }
}

void Unprotected::restore() {
  if (!before_) return;
  const StatusRegisters before = *std::exchange(before_, std::nullopt);
  const StatusRegisters now = status_.read();
  if (status_.write(now, before, false) != before)
    throw DeviceError("the status register did not take its protection bits back",
                      "see `romwright protect status`");
}

}  // namespace romwright::flash
