// SPDX-License-Identifier: GPL-2.0-or-later
// Registers that lie in the machine's address space, as a seam that models fill.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/error.h"
#include "flash/host/kernel_facts.h"

namespace romwright::flash {

/// A mapped block of registers; offsets are from its start and inside it, and aligned to the width.
class Registers {
 public:
  Registers() = default;
  Registers(const Registers&) = delete;
  Registers& operator=(const Registers&) = delete;
  virtual ~Registers() = default;
  virtual std::uint8_t read8(std::uint32_t offset) = 0;
  virtual std::uint16_t read16(std::uint32_t offset) = 0;
  virtual std::uint32_t read32(std::uint32_t offset) = 0;
  virtual void write8(std::uint32_t offset, std::uint8_t value) = 0;
  virtual void write16(std::uint32_t offset, std::uint16_t value) = 0;
  virtual void write32(std::uint32_t offset, std::uint32_t value) = 0;
};

class PhysicalMemory {
 public:
  PhysicalMemory() = default;
  PhysicalMemory(const PhysicalMemory&) = delete;
  PhysicalMemory& operator=(const PhysicalMemory&) = delete;
  virtual ~PhysicalMemory() = default;
  /// Maps `size` bytes at `address`. Throws ClosedMemoryError, with why and what helps.
  virtual std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) = 0;
};

/// The machine's own, by /dev/mem.
std::unique_ptr<PhysicalMemory> machine_memory();

/// The system does not let through: /dev/mem does not open, or does not map.
class ClosedMemoryError : public NoDeviceError {
  using NoDeviceError::NoDeviceError;
};

/// What helps where the system refused (`error` is an errno) to open memory or ports, or, with
/// `holders`, to map what those hold.
std::string memory_refusal(int error, const KernelFacts& kernel,
                           const std::optional<std::vector<std::string>>& holders = {});

}  // namespace romwright::flash
