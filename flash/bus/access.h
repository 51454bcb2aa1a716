// SPDX-License-Identifier: GPL-2.0-or-later
// What may be done with a part of a device, and what forbids it.
#pragma once

#include <string>

#include "flash/base/range.h"

namespace romwright::flash {

/// What may be done with a range, and if not, why.
struct Access {
  bool readable = true;
  bool writable = true;
  std::string reason;
  /// Nothing tells whether a write gets through: only what the user has named is written.
  bool uncertain = false;
};

/// A range that something protects from being written.
struct Protection {
  Range range;
  std::string by;          ///< "status register BP bits", "PR0", ...
  bool removable = false;  ///< can be lifted by software for the time of a write
};

}  // namespace romwright::flash
