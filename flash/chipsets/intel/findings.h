// SPDX-License-Identifier: GPL-2.0-or-later
// What an Intel chipset lets through, as `doctor` shows it: each fact with its source and a remedy.
#pragma once

#include <optional>
#include <vector>

#include "flash/base/finding.h"
#include "flash/chipsets/intel/bios_control.h"
#include "flash/chipsets/intel/chipset.h"
#include "flash/chipsets/intel/controller.h"
#include "flash/chipsets/intel/permissions.h"

namespace romwright::flash::intel {

/// As ChipsetDriver::look: "chipset", "boots_from", "top_swap". The SPI registers are not touched.
std::vector<Finding> look(Machine& machine);

/// "controller", "bios_lock", "configuration_lock", "bbar", one "region_<name>" a region and one
/// "protected_range_<name>" a range ("protected_ranges" for none). Regions that no register tells
/// about are read once; BIOS_CNTL is read only.
std::vector<Finding> findings(Controller& controller, bool hardware_sequencing);

/// "chip_status": what the chip's status register 1, read by hardware sequencing, tells of its own
/// protection; which blocks it means depends on the chip, which the controller does not name.
Finding chip_status_finding(std::optional<std::uint8_t> status);
Finding chipset_finding(const Chipset& chipset);
Finding boot_finding(const Generation& generation, const Straps& straps);
Finding top_swap_finding(const Straps& straps);
Finding bios_lock_finding(const BiosControl::State& state);
/// `access_registers`: BIOS_BM_RAP and WAP told, not FRAP.
Finding region_finding(const Region& region, bool access_registers);
Finding protected_range_finding(const ProtectedRange& range);

}  // namespace romwright::flash::intel
