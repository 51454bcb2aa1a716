// SPDX-License-Identifier: GPL-2.0-or-later
// The streaming rule that is not the wire's: queue, read the poll answers, run again what did not
// pass.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "flash/bus/spi_bus.h"
#include "flash/device/learned_time.h"

namespace romwright::flash {

/// One operation that keeps the chip busy and may be repeated: what is sent before its poll (write
/// enable first), and how long it takes.
struct ChipOperation {
  std::vector<SpiCommand> commands;
  LearnedTime* time = nullptr;
  std::string_view what;  ///< "page program", "block erase", for messages
  std::uint64_t offset = 0;
};

/// Runs chip operations over a bus. Operations of one `run` may be queued behind each other's
/// unread polls, so they must have explicit addresses and bear being repeated; what must not be
/// overtaken (an erase before its programs, register writes) is a `run` of its own.
class ChipStream {
 public:
  explicit ChipStream(SpiBus& bus) : bus_(bus) {}

  /// Until every operation was executed and its poll passed (WIP and WEL both 0). On a bus that
  /// streams at most 0.25 s of chip time is queued beyond the last answer. `alone`: queue nothing,
  /// as on a chip with ECC, whose pages must not be programmed twice. Throws TimeoutError when the
  /// chip stays busy beyond its deadline, DeviceError when it executes an operation not even the
  /// third time.
  void run(std::span<const ChipOperation> operations, bool alone = false);

  /// Waits until the chip is not busy; returns the status register. Throws TimeoutError.
  std::uint8_t wait_ready(std::chrono::nanoseconds deadline, std::string_view what);

  /// Operations that had to run again.
  [[nodiscard]] std::uint64_t retries() const noexcept { return retries_; }

 private:
  std::size_t run_queued(std::span<const ChipOperation> operations);
  bool run_alone(const ChipOperation& operation);

  SpiBus& bus_;
  std::uint64_t retries_ = 0;
  std::vector<SpiOp> program_;  ///< kept for its memory
};

}  // namespace romwright::flash
