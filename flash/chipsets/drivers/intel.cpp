// SPDX-License-Identifier: GPL-2.0-or-later
// Intel: ICH7 to the newest PCH.
#include "flash/chipsets/driver.h"
#include "flash/chipsets/intel/findings.h"
#include "flash/chipsets/intel/programmer.h"

namespace romwright::flash {

extern const ChipsetDriver chipset_intel{"intel", intel::find, intel::look};

}  // namespace romwright::flash
