// SPDX-License-Identifier: GPL-2.0-or-later
// The machine that romwright runs on, as chipset drivers see it.
#pragma once

#include "flash/base/clock.h"
#include "flash/host/io_ports.h"
#include "flash/host/pci.h"
#include "flash/host/physical_memory.h"

namespace romwright::flash {

/// The parts outlive it, and whatever is opened over it.
struct Machine {
  PciBus& pci;
  PhysicalMemory& memory;
  Clock& clock;
  IoPorts* ports = nullptr;  ///< nullptr: none
};

}  // namespace romwright::flash
