// SPDX-License-Identifier: GPL-2.0-or-later
// The exit statuses that scripts rely on (docs/cli.md).
#pragma once

#include "flash/base/error.h"

namespace romwright::cli {

enum ExitStatus : int {
  exit_done = 0,
  exit_failed = 1,     ///< for a reason not below; `verify`: the content differs
  exit_usage = 2,      ///< unknown option, programmer, parameter
  exit_input = 3,      ///< manifest, image, tarball, hash mismatch
  exit_vendor = 4,     ///< a vendor file is missing or is not the pinned one
  exit_no_device = 5,  ///< no programmer, no chip, no permission
  exit_refused = 6,    ///< before anything was changed
  exit_changed = 7,    ///< failed after something was changed
};

/// The status that a program which ends with `error` returns; 128 + signal for an interruption.
[[nodiscard]] int exit_status(const Error& error);

}  // namespace romwright::cli
