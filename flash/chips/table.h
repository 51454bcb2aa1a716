// SPDX-License-Identifier: GPL-2.0-or-later
// All chips that are known; the build makes the table from the files of flash/chips/vendors.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "flash/base/table.h"
#include "flash/chips/chip.h"
#include "flash/chips/rows.h"

namespace romwright::flash {

/// Every vendor's table, in alphabetical order.
Table<ChipVendor> chip_vendors();

/// Every row of every vendor; made once.
std::span<const Chip* const> all_chips();

/// True when `wanted` is one of the parts that a row's name lists, separated by '/'. Letter case
/// does not count, and a '.' of the name stands for any character, as data sheets' x does.
bool names_part(std::string_view name, std::string_view wanted);

/// The rows of which `wanted` is a part; those that list it to the letter come first.
std::vector<const Chip*> find_chips(std::string_view wanted);

}  // namespace romwright::flash
