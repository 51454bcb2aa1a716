// SPDX-License-Identifier: GPL-2.0-or-later
// Chromebooks: recognised, and what is known of their write protection. See docs/chromebooks.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "flash/base/finding.h"
#include "flash/bus/flash.h"
#include "toolkit/images/formats/fmap.h"
#include "toolkit/pipeline/machine_identity.h"

namespace romwright::pipeline {

/// What tells that the machine is a Chromebook, one a source: "DMI: GOOGLE Link". Empty for
/// another machine; Google's virtual machines are none.
[[nodiscard]] std::vector<std::string> chromebook_signs(const MachineIdentity& machine);

/// The write-protect signal of the board, and who tells it.
struct WriteProtectSignal {
  bool on = false;
  std::string by;  ///< "chromeos_acpi", "the coreboot table"
};
[[nodiscard]] std::optional<WriteProtectSignal> write_protect_signal(
    const MachineIdentity& machine);

/// "chromebook" and "write_protect_signal"; none for another machine.
[[nodiscard]] std::vector<Finding> chromebook_findings(const MachineIdentity& machine);

/// The same before a write, as one warning.
void warn_of_chromebook(const MachineIdentity& machine, EventSink& events);

/// The areas of verified boot.
struct VerifiedBoot {
  Range map;        ///< the FMAP
  Range read_only;  ///< WP_RO, or RO_SECTION without it; empty where neither is there
  std::vector<std::string> areas;  ///< those that tell it: "GBB", "VBLOCK_A", ...
};

/// What `map` tells of verified boot; nothing where it has neither a GBB with a VBLOCK nor a GBB
/// with a RO_SECTION.
[[nodiscard]] std::optional<VerifiedBoot> verified_boot(const images::Fmap& map);

/// Looks for an FMAP at `hint` and at every 4 KiB, where ChromeOS's images have it: far less is
/// read than the whole chip. What is not readable is passed over.
[[nodiscard]] std::optional<VerifiedBoot> find_verified_boot(flash::Flash& chip,
                                                             std::optional<std::uint64_t> hint,
                                                             Run& run);

/// Before `programmers` write: a warning where one of them is the machine's own and the chip holds
/// verified boot. What cannot be read says nothing.
void warn_of_verified_boot(flash::Flash& chip, const std::vector<std::string>& programmers,
                           EventSink& events, Run& run);

/// "verified_boot": whether the chip's own registers protect its read-only part.
[[nodiscard]] Finding verified_boot_finding(const VerifiedBoot& found, flash::Flash& chip);

}  // namespace romwright::pipeline
