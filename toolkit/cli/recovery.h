// SPDX-License-Identifier: GPL-2.0-or-later
// What `resume` and `rollback` share: both take up an interrupted write from its journal.
#pragma once

#include "flash/device/flash_device.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {

struct RecoveryOptions {
  DeviceOptions device;
  WriteModeOptions mode;
  std::string journal;
  ManifestOptions manifests;
  void declare(Arguments& command);
};

/// Finishes or undoes the newest unfinished write, or that of --journal. The programmers are those
/// of the journal where -p is not given. Throws RefusedError where no write is unfinished.
void recover(const RecoveryOptions& options, flash::Recovery recovery, Session& session);

}  // namespace romwright::cli
