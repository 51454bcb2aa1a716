// SPDX-License-Identifier: GPL-2.0-or-later
// The chips that `-p` names, opened, probed, and put together as one device.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/clock.h"
#include "flash/base/event.h"
#include "flash/bus/flash.h"
#include "flash/bus/programmer.h"
#include "flash/device/backup.h"

namespace romwright::pipeline {

/// A chip as it was found.
struct FoundChip {
  std::string vendor;
  std::string name;
  std::string id;  ///< hexadecimal digits, as the chip answered
  std::uint64_t size = 0;
  std::vector<std::string> candidates;
  std::string programmer;  ///< as given with -p
  std::string doubt;       ///< why it must not be written; empty for nothing
};

/// How the chips are reached.
struct DeviceRequest {
  std::vector<std::string> programmers;  ///< -p, ascending, one a chip
  std::vector<std::string> chips;        ///< --chip, one a programmer, or none
  std::vector<std::uint64_t> sizes;  ///< expected sizes, where a board tells; narrows candidates
  bool only_probe = false;  ///< a chip that the programmer's voltage harms is a warning, no error
};

/// Owns programmers, buses and chips; the chips of a split board are one Flash.
class Device {
 public:
  /// Throws UsageError without a programmer or for a wrong parameter, NoDeviceError where no chip
  /// is found, RefusedError for a chip that the programmer's voltage harms. What probing has to say
  /// goes to `events`.
  static Device open(const DeviceRequest& request, EventSink& events);
  Device(Device&&) noexcept;
  Device& operator=(Device&&) = delete;
  ~Device();

  [[nodiscard]] flash::Flash& flash();
  /// Measures all work on the device: the real clock, or the simulations' virtual ones, added up
  /// because the chips are worked on one after the other.
  [[nodiscard]] Clock& clock();
  [[nodiscard]] const std::vector<FoundChip>& chips() const;
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool simulated() const;
  /// One line a programmer.
  [[nodiscard]] std::vector<std::string> descriptions() const;
  /// That of the only programmer, where it has one.
  [[nodiscard]] flash::TopSwap* top_swap();
  /// What the programmers find in the way of a write.
  [[nodiscard]] std::vector<Finding> findings();
  /// What a backup notes of the chips, dated now.
  [[nodiscard]] flash::BackupFacts facts(const std::string& board) const;
  /// Hands the programmers back; called once, when all went well.
  void close();

 private:
  struct State;
  explicit Device(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Throws RefusedError where there is a doubt about a chip.
void require_certain(const Device& device);

/// "Winbond W25Q64FV (id ef4017, 8 MiB)".
std::string describe(const FoundChip& chip);

}  // namespace romwright::pipeline
