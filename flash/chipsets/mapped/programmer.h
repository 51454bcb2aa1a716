// SPDX-License-Identifier: GPL-2.0-or-later
// The machine's own flash on LPC or FWH, as a programmer.
#pragma once

#include <memory>

#include "flash/bus/programmer.h"
#include "flash/chipsets/mapped/part.h"
#include "flash/chipsets/mapped/rom_gate.h"
#include "flash/host/machine.h"

namespace romwright::flash::mapped {

/// Opens the gate, and asks what is behind it who it is. Throws NoDeviceError where no known chip
/// answers; then the gate is closed again.
std::unique_ptr<Programmer> open(Machine& machine, std::unique_ptr<RomGate> gate);

}  // namespace romwright::flash::mapped
