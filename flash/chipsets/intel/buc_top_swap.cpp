// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/buc_top_swap.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

constexpr std::uint32_t gcs = 0x3410, buc = 0x3414;
constexpr std::uint8_t interface_lock = 1, top_swap = 1;

}  // namespace

bool BucTopSwap::is_set() { return (registers_.read8(buc) & top_swap) != 0; }

bool BucTopSwap::is_locked() { return (registers_.read32(gcs) & interface_lock) != 0; }

void BucTopSwap::set(bool on) {
  const std::uint8_t now = registers_.read8(buc);
  const auto wanted = static_cast<std::uint8_t>(on ? now | top_swap : now & ~top_swap);
  if (now == wanted) return;
  registers_.write8(buc, wanted);
  if (is_set() != on)
    throw DeviceError(
        fmt::format("BUC.TS does not let itself be {}", on ? "set" : "cleared"),
        is_locked() ? "the firmware locked it (BILD) until reset" : "use an external programmer");
}

}  // namespace romwright::flash::intel
