// SPDX-License-Identifier: GPL-2.0-or-later
// A poll that the host does itself: it sleeps until it is worth looking, then looks at growing
// intervals.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "flash/base/clock.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

/// Until the poll passes or its deadline is over. `since` is the end of the operation before;
/// `look` reads the status register. Between two looks it sleeps: first a part of the time that is
/// already over, then longer, so that a long operation costs few looks and no busy waiting.
PollResult poll_on_host(const SpiPoll& poll, Clock& clock, std::chrono::nanoseconds since,
                        const std::function<std::uint8_t(std::uint8_t opcode)>& look);

}  // namespace romwright::flash
