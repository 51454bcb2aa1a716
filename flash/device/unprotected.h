// SPDX-License-Identifier: GPL-2.0-or-later
// Lifts a chip's write protection for as long as a write takes.
#pragma once

#include <optional>
#include <span>

#include "flash/bus/flash.h"
#include "flash/chips/chip.h"
#include "flash/device/status_registers.h"

namespace romwright::flash {

/// Does nothing where no step touches what is protected.
class Unprotected {
 public:
  /// Throws ProtectedError where the registers are locked, or do not take the change.
  Unprotected(const Chip& chip, StatusAccess& status, std::span<const FlashStep> steps);
  Unprotected(const Unprotected&) = delete;
  Unprotected& operator=(const Unprotected&) = delete;
  /// Restores, if restore() has not, as far as the link still works.
  ~Unprotected();
  /// Puts the registers back. Throws DeviceError where they do not take it.
  void restore();

 private:
  const Chip& chip_;
  StatusAccess& status_;
  std::optional<StatusRegisters> before_;
};

}  // namespace romwright::flash
