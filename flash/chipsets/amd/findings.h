// SPDX-License-Identifier: GPL-2.0-or-later
// What SPI and LPC share of an AMD chipset: findings, and ROM protect as the engine sees it.
#pragma once

#include <cstdint>
#include <vector>

#include "flash/base/finding.h"
#include "flash/bus/access.h"
#include "flash/chipsets/amd/chipset.h"
#include "flash/chipsets/amd/imc.h"
#include "flash/chipsets/amd/rom_protect.h"

namespace romwright::flash::amd {

/// As ChipsetDriver::look.
std::vector<Finding> look(Machine& machine);
Finding chipset_finding(const Chipset& chipset);
Finding imc_finding(const Imc& imc);
void add_protects(std::vector<Finding>& all, const RomProtects& protects);

/// Whether the register may cover a part of `range` of a chip of `chip_size`.
bool concerns(const RomProtect& one, Range range, std::uint64_t chip_size);
/// What the registers protect from being written; whether they can be lifted is tried, unless this
/// is a look only.
std::vector<Protection> protections_of(RomProtects& protects, std::uint64_t chip_size,
                                       bool looks_only = false);
/// Clears what covers a part of `range`, until restore(). Throws ProtectedError.
void lift_protects(RomProtects& protects, Range range, std::uint64_t chip_size);

}  // namespace romwright::flash::amd
