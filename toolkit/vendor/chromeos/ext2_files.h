// SPDX-License-Identifier: GPL-2.0-or-later
// A file in an ext2, ext3 or ext4 file system in memory, by libext2fs.
#pragma once

#include <string>

#include "flash/base/bytes.h"
#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor {

/// The regular file at the absolute `path`; symbolic links are followed. The file system is read
/// only, so that features which forbid writing to it do not matter: ChromeOS sets all of them. No
/// more is read than some times the size of `volume`, whatever its structures say.
/// Throws ImageError "ext2: ..." where the file system is damaged, the file is not there or is
/// none, LimitError, and InterruptedError.
[[nodiscard]] Content read_ext2_file(ConstBytes volume, const std::string& path,
                                     UnpackBudget& budget, Workshop& workshop);

}  // namespace romwright::vendor
