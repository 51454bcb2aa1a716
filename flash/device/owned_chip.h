// SPDX-License-Identifier: GPL-2.0-or-later
// A chip's description as a value that owns all that it points to.
#pragma once

#include <memory>
#include <string>

#include "flash/chips/chip.h"

namespace romwright::flash {

/// Copies share one immutable description. Made from a row of a table, which may be temporary, or
/// from what SFDP told.
class OwnedChip {
 public:
  explicit OwnedChip(const Chip& chip);
  [[nodiscard]] const Chip& operator*() const noexcept { return *chip_; }
  [[nodiscard]] const Chip* operator->() const noexcept { return chip_.get(); }

 private:
  std::shared_ptr<const Chip> chip_;
};

}  // namespace romwright::flash
