// SPDX-License-Identifier: GPL-2.0-or-later
// The write protection of a chip as Linux' MTD layer offers it: lock, unlock, ask.
#pragma once

#include <vector>

#include "flash/base/range.h"
#include "flash/host/device_file.h"
#include "flash/wires/mtd/mtd_info.h"

namespace romwright::flash {

class MtdLocks {
 public:
  /// Both outlive it.
  MtdLocks(DeviceFile& file, const MtdInfo& info) : file_(file), info_(info) {}

  /// The locked blocks, joined; none where the driver cannot tell.
  [[nodiscard]] std::vector<Range> locked();
  /// Unlocks the whole chip; where the driver has no locks nothing happens. Throws ProtectedError
  /// where the chip does not let itself be unlocked.
  void unlock();
  /// Locks again what was locked; throws DeviceError.
  void lock(const std::vector<Range>& ranges);

 private:
  int ask(unsigned long request, Range range);

  DeviceFile& file_;
  const MtdInfo& info_;
};

}  // namespace romwright::flash
