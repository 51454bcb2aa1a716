// SPDX-License-Identifier: GPL-2.0-or-later
// The files in an Inno Setup installer, by the program innoextract.
#pragma once

#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor {

/// The files that `installer` would install, each as "PATH/app/...". Throws VendorError where
/// innoextract is not there or cannot read it, ImageError where it exceeds the budget.
ExtractedFiles read_inno_setup(const ExtractedFile& installer, UnpackBudget& budget,
                               Workshop& workshop);

}  // namespace romwright::vendor
