// SPDX-License-Identifier: GPL-2.0-or-later
// NVIDIA: nForce2 to MCP55, and later ones with their flash on LPC.
#include "flash/chipsets/driver.h"
#include "flash/chipsets/nvidia/programmer.h"

namespace romwright::flash {

extern const ChipsetDriver chipset_nvidia{"nvidia", nvidia::find, nvidia::look};

}  // namespace romwright::flash
