// SPDX-License-Identifier: GPL-2.0-or-later
// What a chipset has between the processor and a flash chip in the address space: how much of it is
// decoded, and whether writes get through.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/finding.h"
#include "flash/bus/access.h"

namespace romwright::flash::mapped {

class RomGate {
 public:
  RomGate() = default;
  RomGate(const RomGate&) = delete;
  RomGate& operator=(const RomGate&) = delete;
  virtual ~RomGate() = default;
  /// The chipset: "NVIDIA CK804 (10de:0051) at 00:01.0".
  [[nodiscard]] virtual std::string name() const = 0;
  /// Opens it for reads and writes; nothing when it is open, else why not. Whatever a chip is
  /// asked, it is told by writes.
  virtual std::optional<std::string> open() = 0;
  /// As `open`, without asking again: firmware may have taken it back.
  virtual std::optional<std::string> refusal() = 0;
  /// How many bytes below 4 GiB reach the chip, once it is open.
  [[nodiscard]] virtual std::uint64_t reach() = 0;
  /// What the chipset protects of a chip of this size.
  [[nodiscard]] virtual std::vector<Protection> protections(std::uint64_t /*chip_size*/) {
    return {};
  }
  /// Lifts what can be lifted of `range`, until close(). Throws ProtectedError.
  virtual void lift(Range /*range*/, std::uint64_t /*chip_size*/) {}
  /// Changes nothing.
  [[nodiscard]] virtual std::vector<Finding> findings() = 0;
  /// Everything as it was found.
  virtual void close() = 0;
};

}  // namespace romwright::flash::mapped
