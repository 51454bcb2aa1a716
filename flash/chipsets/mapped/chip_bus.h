// SPDX-License-Identifier: GPL-2.0-or-later
// The commands of a chip in the address space: ids, erases, programs, each within its deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"
#include "flash/chipsets/mapped/part.h"
#include "flash/host/machine.h"

namespace romwright::flash::mapped {

class ChipBus {
 public:
  /// Maps `size` bytes that end at 4 GiB. Throws NoDeviceError.
  ChipBus(Machine& machine, std::uint32_t size);

  [[nodiscard]] Clock& clock() noexcept { return clock_; }
  /// The id that a chip of this family answers with; nothing where the bytes are content.
  struct Id {
    std::uint8_t manufacturer = 0, model = 0;
  };
  std::optional<Id> identify(Family family);
  /// Back to where the chip reads as its content.
  void reset(Family family);

  void read(std::uint64_t offset, Bytes into);
  /// One byte that is not as erased. Throws TimeoutError, DeviceError.
  void program(Family family, std::uint64_t offset, std::uint8_t value);
  /// One block. Throws as `program` does, and ProtectedError where the chip says that it is locked.
  void erase(EraseMethod method, Range block);

 private:
  using Nanoseconds = std::chrono::nanoseconds;

  void command(std::uint8_t value);
  void wait_toggle(std::uint64_t offset, Nanoseconds deadline, Nanoseconds pause, const char* what);
  void wait_status(std::uint64_t offset, Nanoseconds deadline, Nanoseconds pause, const char* what);

  Clock& clock_;
  std::unique_ptr<Registers> window_;
};

}  // namespace romwright::flash::mapped
