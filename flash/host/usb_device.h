// SPDX-License-Identifier: GPL-2.0-or-later
// A USB device on libusb: found, chosen among several, opened, its interface claimed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "flash/host/usb_selection.h"

struct libusb_context;
struct libusb_device_handle;

namespace romwright::flash {

/// A kind of device that a programmer drives.
struct UsbKind {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string_view name;  ///< as messages call it
  int interface = 0;
  bool vendor_interface = false;  ///< the first of the vendor's own class, where it has one
};

class UsbDevice {
 public:
  /// Opens the one device of these kinds that `choice` names. Throws NoDeviceError where there is
  /// none, several match, permission lacks, or another program has it; UsageError where `bus` does
  /// not parse.
  UsbDevice(std::span<const UsbKind> kinds, const UsbChoice& choice);
  UsbDevice(const UsbDevice&) = delete;
  UsbDevice& operator=(const UsbDevice&) = delete;
  ~UsbDevice();

  [[nodiscard]] const UsbKind& kind() const noexcept { return *kind_; }
  /// "CH341A on 003:007"
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& serial() const noexcept { return serial_; }
  [[nodiscard]] libusb_context& context() noexcept { return *context_; }
  [[nodiscard]] libusb_device_handle& handle() noexcept { return *handle_; }
  /// The device cannot be closed any more: transfers are under way that never come back.
  void abandon() noexcept;

 private:
  struct Exit {
    void operator()(libusb_context* context) const noexcept;
  };
  struct Close {
    void operator()(libusb_device_handle* handle) const noexcept;
  };

  std::unique_ptr<libusb_context, Exit> context_;
  std::unique_ptr<libusb_device_handle, Close> handle_;
  const UsbKind* kind_ = nullptr;
  int interface_ = -1;  ///< -1 while none is claimed
  std::string name_, serial_;
};

}  // namespace romwright::flash
