// SPDX-License-Identifier: GPL-2.0-or-later
// The exit statuses that scripts rely on (docs/cli.md).
#pragma once

#include <array>
#include <string_view>

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

/// As help and the manual page tell them.
struct ExitStatusMeaning {
  std::string_view status;
  std::string_view meaning;
};
inline constexpr std::array<ExitStatusMeaning, 9> exit_status_meanings{{
    {"0", "done; for a write: verified, or the chip's content was identical already"},
    {"1", "failed for a reason not below, or the content differs (verify, inspect --diff)"},
    {"2", "usage: unknown option, programmer, parameter"},
    {"3", "the input is wrong: manifest, image, tarball, hash mismatch"},
    {"4", "a vendor file is missing, cannot be had, or is not the one that its recipe pins"},
    {"5", "no programmer, no chip, no permission"},
    {"6", "refused before anything was changed: size, layout, protection, wrong board"},
    {"7", "failed after something was changed; the journal tells how to go on"},
    {"129, 130, 143", "interrupted; the chip was left at a safe point; the journal tells"},
}};

/// The status that a program which ends with `error` returns; 128 + signal for an interruption.
[[nodiscard]] int exit_status(const Error& error);

}  // namespace romwright::cli
