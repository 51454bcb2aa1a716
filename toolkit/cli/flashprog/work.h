// SPDX-License-Identifier: GPL-2.0-or-later
// Does what a flashprog command line asks for, with flashprog's messages and exit codes.
#pragma once

#include "toolkit/cli/command.h"
#include "toolkit/cli/flashprog/log.h"
#include "toolkit/cli/flashprog/request.h"

namespace romwright::cli::flashprog {

/// flashprog's exit codes.
enum : int {
  exit_done = 0,
  exit_failed = 1,   ///< nothing was changed
  exit_changed = 2,  ///< a write failed after something was changed
  exit_differs = 3,  ///< -v: the content differs
};

/// Returns the exit code; errors are in the log.
int work(const Request& request, Log& log, Session& session);

}  // namespace romwright::cli::flashprog
