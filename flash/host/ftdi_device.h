// SPDX-License-Identifier: GPL-2.0-or-later
// An FTDI device on USB: found, chosen among several, opened, one channel of it in MPSSE mode.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "flash/host/usb_selection.h"

struct ftdi_context;

namespace romwright::flash {

/// Which device, and which of its channels.
struct FtdiSelection {
  std::uint16_t vendor = 0x0403;
  std::uint16_t product = 0x6010;
  std::string_view model;  ///< as messages call it
  unsigned channel = 0;    ///< 0 is A
  UsbChoice choice;
};

/// What kind of chip the device's descriptor names.
struct FtdiChip {
  std::string_view name;
  bool high_speed = false;      ///< an H type: 60 MHz, 0x8f
  unsigned mpsse_channels = 0;  ///< the first so many have an MPSSE
};

class FtdiDevice {
 public:
  /// Opens the one device that `selection` names. Throws NoDeviceError where there is none, several
  /// match, permission lacks, or another program has it.
  explicit FtdiDevice(const FtdiSelection& selection);
  FtdiDevice(const FtdiDevice&) = delete;
  FtdiDevice& operator=(const FtdiDevice&) = delete;
  ~FtdiDevice();

  /// Empties both FIFOs and starts the MPSSE of the channel.
  void start_mpsse();
  /// What the descriptor says; a chip that libftdi does not know has no name.
  [[nodiscard]] const FtdiChip& chip() const noexcept { return chip_; }
  [[nodiscard]] const std::string& serial() const noexcept { return serial_; }
  /// "003:007"
  [[nodiscard]] const std::string& bus() const noexcept { return bus_; }
  [[nodiscard]] ftdi_context& context() noexcept { return *context_; }
  /// The device cannot be closed any more: transfers are under way that never come back.
  void abandon() noexcept;

 private:
  struct Free {
    void operator()(ftdi_context* context) const noexcept;
  };
  std::unique_ptr<ftdi_context, Free> context_;
  FtdiChip chip_;
  std::string serial_, bus_;
};

}  // namespace romwright::flash
