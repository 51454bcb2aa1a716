// SPDX-License-Identifier: GPL-2.0-or-later
// A write that the machine's firmware makes one of two stages, with leave.
#pragma once

#include <string_view>

#include "flash/device/flash_device.h"
#include "toolkit/cli/write_report.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/device.h"

namespace romwright::cli {

/// As write_device; where pipeline::plan_boot_block_swap finds a stage, shows it, asks for leave
/// (--yes gives it), and carries that stage out. Throws RefusedError without leave.
void write_in_stages(pipeline::Device& device, const manifests::Board& board, WriteJob job,
                     Session& session, Json extra);

/// Gives `job` what concludes the stage that a journal names; undoing it concludes the other way.
/// Throws NoDeviceError where the machine that `device` is of has no top swap.
void conclude_stage(WriteJob& job, pipeline::Device& device, std::string_view conclusion,
                    flash::Recovery recovery);

}  // namespace romwright::cli
