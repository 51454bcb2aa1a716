// SPDX-License-Identifier: GPL-2.0-or-later
// The files in a shell script that unpacks itself, as ChromeOS packs its firmware updater.
#pragma once

#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor {

/// True for a script.
[[nodiscard]] bool is_shell_script(ConstBytes bytes);

/// What `script` carries: a zip archive, or a compressed tar archive, by itself on a line of its
/// own or as text that uudecode reads. The script is not run. Throws ImageError "PATH: ..." where
/// there is none or it is damaged, LimitError, and InterruptedError.
[[nodiscard]] ExtractedFiles read_shell_archive(const ExtractedFile& script, UnpackBudget& budget,
                                                Workshop& workshop);

}  // namespace romwright::vendor
