// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a device so that one flipped bit on the way does not count.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "flash/base/range.h"
#include "flash/bus/flash.h"

namespace romwright::flash {

/// Lowers the clock of a link that was found unreliable, and says so; nothing where it cannot be.
void slow_down(Flash& flash, Run& run);

class DeviceReader {
 public:
  explicit DeviceReader(Flash& flash) : flash_(flash) {}

  /// Reads `range` into `into` (of its size) in pieces, with progress under `phase`.
  void read(Range range, Bytes into, std::string_view phase, Run& run);

  /// Reads `ranges` again and compares with `content`, which holds the whole device. Where they
  /// differ, each 4 KiB is read until two readings agree, which `content` then holds. Returns the
  /// bytes of `content` that were wrong. Throws DeviceError where no two of five readings in a row
  /// agree.
  std::uint64_t read_again(std::span<const Range> ranges, Bytes content, std::string_view phase,
                           Run& run);

 private:
  std::uint64_t settle(Range range, Bytes content, ConstBytes reading, Run& run);

  Flash& flash_;
};

}  // namespace romwright::flash
