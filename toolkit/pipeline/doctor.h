// SPDX-License-Identifier: GPL-2.0-or-later
// What would stop a write here: checks as values, each with its remedy. Nothing changes the
// machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "flash/base/finding.h"
#include "flash/host/kernel_facts.h"
#include "flash/host/power.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/machine_identity.h"

namespace romwright::pipeline {

using Findings = std::vector<Finding>;

/// Memory, lockdown, Secure Boot and drivers, as far as `internal` needs them. What closes /dev/mem
/// is no problem where Linux's own driver writes the chip.
[[nodiscard]] Findings kernel_findings(const flash::KernelFacts& kernel);
/// Whether Linux itself drives a flash chip, and, with `writable`, lets it be written.
[[nodiscard]] bool drives_chip(const flash::KernelFacts& kernel, bool writable = false);
[[nodiscard]] Findings power_findings(const flash::Power& power);
/// Room for `needed` bytes of backup where `folder` is or will be made.
[[nodiscard]] Finding disk_finding(const flash::SystemFiles& files,
                                   const std::filesystem::path& folder, std::uint64_t needed);
/// Which board it is; a Chromebook is pointed to its page. `forced`: boardmismatch=force is given.
[[nodiscard]] Findings machine_findings(const MachineIdentity& machine,
                                        const std::optional<manifests::Board>& board,
                                        bool forced = false);
/// The programmers for which something is there to be driven.
[[nodiscard]] Finding programmers_finding(const flash::SystemFiles& files,
                                          const flash::KernelFacts& kernel);
struct DoctorRequest {
  std::vector<std::string> programmers;  ///< none: the machine's own chip is, where it can be
  std::vector<std::string> chips;
  std::optional<manifests::Board> board;
  unsigned times = 1;             ///< how often the chip is read
  std::filesystem::path backups;  ///< where backups go
};

/// Probes the programmers of `request`, and reads the chip as often as it says where that is more
/// than once. Where the chip is that of `machine`, a Chromebook's verified boot is looked for in
/// it, and it is asked for the board where `machine` does not tell that. What fails is a finding,
/// except for a wrong parameter (UsageError) and a requested stop.
[[nodiscard]] Findings device_findings(const DoctorRequest& request, const MachineIdentity* machine,
                                       Run& run);

/// All of them, in the order in which they are shown.
[[nodiscard]] Findings examine(const DoctorRequest& request, const flash::SystemFiles& files,
                               Run& run);

/// True where nothing found stops a write.
[[nodiscard]] bool may_write(const Findings& findings);

}  // namespace romwright::pipeline
