// SPDX-License-Identifier: GPL-2.0-or-later
// The way round regions that the machine keeps closed: those of the chip's own flash descriptor
// that are open.
#pragma once

#include <string>

#include "flash/base/error.h"
#include "flash/base/event.h"
#include "toolkit/pipeline/device.h"

namespace romwright::pipeline {

enum class Wish { read, write };

/// "--ifd --region bios --region gbe": the regions in which all of `wish` is allowed. Empty where
/// every region is open, none is, or the descriptor cannot be read.
[[nodiscard]] std::string propose_regions(Device& device, Wish wish, Run& run);

/// `error` again, its hint naming that way round where there is one.
[[noreturn]] void refuse_with_proposal(const RefusedError& error, Device& device, Wish wish,
                                       Run& run);

}  // namespace romwright::pipeline
