// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

std::uint32_t SpiBus::set_clock_hz(std::uint32_t /*hz*/) { return limits().clock_hz; }

bool SpiBus::set_sampling(SpiSampling /*sampling*/) { return false; }

}  // namespace romwright::flash
