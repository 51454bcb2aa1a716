// SPDX-License-Identifier: GPL-2.0-or-later
// AMD: SB600 to the controllers of today's processors.
#include "flash/chipsets/amd/findings.h"
#include "flash/chipsets/amd/programmer.h"
#include "flash/chipsets/driver.h"

namespace romwright::flash {

extern const ChipsetDriver chipset_amd{"amd", amd::find, amd::look};

}  // namespace romwright::flash
