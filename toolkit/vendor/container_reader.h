// SPDX-License-Identifier: GPL-2.0-or-later
// The files in a container, by libarchive.
#pragma once

#include "toolkit/vendor/container_kind.h"
#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor {

/// The regular files in `container`, which is of `kind` (not none, not pe), each as "PATH/MEMBER".
/// Links, devices and files whose path would lead out are passed over, the latter with a warning.
/// Throws ImageError "PATH: ..." where it is damaged, encrypted, or exceeds the budget, and
/// InterruptedError.
ExtractedFiles read_container(const ExtractedFile& container, ContainerKind kind,
                              UnpackBudget& budget, Workshop& workshop);

}  // namespace romwright::vendor
