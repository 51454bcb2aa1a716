// SPDX-License-Identifier: GPL-2.0-or-later
// The configuration space of PCI devices, as a seam that models fill.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace romwright::flash {

struct PciAddress {
  std::uint16_t domain = 0;
  std::uint8_t bus = 0, device = 0, function = 0;
  friend auto operator<=>(const PciAddress&, const PciAddress&) = default;
};

/// "00:1f.0", with the domain in front where it is not 0.
std::string to_string(const PciAddress& address);

/// A function that answers to enumeration.
struct PciFunction {
  PciAddress address;
  std::uint16_t vendor = 0, device = 0;
  std::uint16_t device_class = 0;  ///< base class in the high byte
};

class PciBus {
 public:
  PciBus() = default;
  PciBus(const PciBus&) = delete;
  PciBus& operator=(const PciBus&) = delete;
  virtual ~PciBus() = default;
  /// The functions that the system lists. Throws NoDeviceError where it cannot be asked.
  virtual std::vector<PciFunction> functions() = 0;
  /// Configuration space; what is not there reads all ones. A function that is not listed is
  /// reached by the ports 0xcf8/0xcfc. Throws NoDeviceError where the system does not let through.
  virtual std::uint8_t read8(PciAddress at, std::uint8_t offset) = 0;
  virtual std::uint16_t read16(PciAddress at, std::uint8_t offset) = 0;
  virtual std::uint32_t read32(PciAddress at, std::uint8_t offset) = 0;
  virtual void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) = 0;
  virtual void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) = 0;
  virtual void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) = 0;
};

/// The machine's own, by libpci: sysfs for what Linux lists, I/O ports for what firmware hides.
std::unique_ptr<PciBus> machine_pci();

}  // namespace romwright::flash
