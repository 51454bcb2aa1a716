// SPDX-License-Identifier: GPL-2.0-or-later
// What a chipset driver is: it looks for its chipset in the machine, and opens its flash
// controller. One file each in flash/chipsets/drivers, which defines `chipset_<file>`; the build
// collects them in a table.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "flash/base/finding.h"
#include "flash/base/table.h"
#include "flash/bus/programmer.h"
#include "flash/host/machine.h"

namespace romwright::flash {

/// How the controller is driven; `automatic` leaves it to the driver.
enum class Sequencing : std::uint8_t { automatic, hardware, software };

struct InternalOptions {
  Sequencing sequencing = Sequencing::automatic;
};

struct ChipsetDriver {
  std::string_view name;
  /// Opens the machine's flash; nullptr where the machine has no chipset of this driver's. Throws
  /// NoDeviceError where it has one that cannot be driven. The machine outlives what is returned.
  std::unique_ptr<Programmer> (*find)(Machine& machine, const InternalOptions& options);
  /// What can be told before the controller is touched: which chipset it is, and what the machine
  /// boots from as far as that is to be had; nothing where it has none of this driver's.
  std::vector<Finding> (*look)(Machine& machine);
};

/// Every chipset driver, in alphabetical order.
Table<ChipsetDriver> chipset_drivers();

/// The flash that the machine boots from, by the first driver that finds its chipset. Throws
/// NoDeviceError where none does, or it cannot be driven.
std::unique_ptr<Programmer> open_internal(Machine& machine, const InternalOptions& options);

/// What the drivers tell of the machine's chipset before anything is opened. Changes nothing; that
/// no driver knows it, and what fails, is a finding.
std::vector<Finding> look_at_chipset(Machine& machine);
/// As above, of the machine that romwright runs on.
std::vector<Finding> look_at_chipset();

}  // namespace romwright::flash
