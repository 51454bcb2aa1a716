// SPDX-License-Identifier: GPL-2.0-or-later
// Takes modules out of the code partition.
#pragma once

#include "toolkit/images/formats/me_clean/me_firmware.h"
#include "toolkit/images/formats/me_clean/me_report.h"

namespace romwright::images {

struct MeModuleChoice {
  bool keep_all = false;
  bool relocate = false;  ///< then the partition is moved to the start of the region
};

/// Generation 2: modules listed by "$MME" headers behind the manifest; ROMP and BUP stay. Where the
/// headers are not as they should be, nothing is done and the result has a negative end. Throws
/// ImageError for damage that is met on the way; what was done before is done then.
MeModules clean_modules_gen2(MeWindow& region, const MeFirmware& firmware,
                             const MeModuleChoice& choice);

/// Generation 3: modules listed by the directory ("$CPD"); manifests, metadata and what starts the
/// machine (rbe, kernel, syslib, bup) stay. Errors as above.
MeModules clean_modules_gen3(MeWindow& region, const MeFirmware& firmware,
                             const MeModuleChoice& choice);

}  // namespace romwright::images
