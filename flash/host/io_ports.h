// SPDX-License-Identifier: GPL-2.0-or-later
// The x86 I/O ports, as a seam that models fill.
#pragma once

#include <cstdint>
#include <memory>

namespace romwright::flash {

class IoPorts {
 public:
  IoPorts() = default;
  IoPorts(const IoPorts&) = delete;
  IoPorts& operator=(const IoPorts&) = delete;
  virtual ~IoPorts() = default;
  /// One byte. Throws NoDeviceError where the system does not let through.
  virtual std::uint8_t read8(std::uint16_t port) = 0;
  virtual void write8(std::uint16_t port, std::uint8_t value) = 0;
};

/// The machine's own, by /dev/port, which is opened at the first access.
std::unique_ptr<IoPorts> machine_ports();

}  // namespace romwright::flash
