// SPDX-License-Identifier: GPL-2.0-or-later
// What the content of a chip tells of the machine that it is in.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "flash/base/event.h"
#include "toolkit/images/formats/coreboot_id.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/device.h"
#include "toolkit/pipeline/machine_identity.h"

namespace romwright::pipeline {

struct ChipIdentity {
  std::optional<images::CorebootId> coreboot;
  std::optional<bool> descriptor;        ///< absent: blank, or not readable
  std::map<std::string, Range> regions;  ///< of the descriptor
  std::string mac;                       ///< of GbE; may be empty
  /// "coreboot: LENOVO ThinkPad X60, without a flash descriptor".
  [[nodiscard]] std::string text() const;
};

/// Reads the descriptor, the GbE region and the chip's last bytes; what is not readable is unknown.
[[nodiscard]] ChipIdentity chip_identity(Device& device, EventSink& events, Run& run);

/// coreboot's own word decides; without it, a descriptor where the board's image has none (or the
/// reverse), or a GbE region where it has none (or the reverse) is a mismatch.
[[nodiscard]] MachineMatch match_chip(const manifests::Board& board, const ChipIdentity& chip);

/// Where `machine` (what require_machine said) is unknown, the chip is asked: throws RefusedError
/// on a mismatch, which boardmismatch=force makes a warning.
void require_chip_of(const manifests::Board& board, MachineMatch machine,
                     const std::vector<std::string>& programmers, Device& device, EventSink& events,
                     Run& run);

}  // namespace romwright::pipeline
