// SPDX-License-Identifier: GPL-2.0-or-later
// The machine's own flash behind an NVIDIA chipset, as a programmer.
#pragma once

#include <memory>
#include <vector>

#include "flash/chipsets/driver.h"

namespace romwright::flash::nvidia {

/// As ChipsetDriver::find.
std::unique_ptr<Programmer> find(Machine& machine, const InternalOptions& options);
/// As ChipsetDriver::look.
std::vector<Finding> look(Machine& machine);

}  // namespace romwright::flash::nvidia
