// SPDX-License-Identifier: GPL-2.0-or-later
// Which of the USB devices that are plugged in is meant, and why one cannot be opened.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct libusb_device;

namespace romwright::flash {

/// What the user says of the device; all of it must hold.
struct UsbChoice {
  std::optional<std::string> serial;
  std::optional<std::string> bus;  ///< "3:7": bus and address, as lsusb numbers them
  std::optional<std::string> description;
};

/// A device that could be it.
struct UsbCandidate {
  libusb_device* device = nullptr;
  std::string kind;  ///< as messages call it
  std::string bus;   ///< "003:007"
  std::string serial, description;
  int open_error = 0;  ///< libusb's

  [[nodiscard]] std::string name() const { return kind + " on " + bus; }
};

/// Where `device` is, "003:007".
[[nodiscard]] std::string usb_place(libusb_device* device);

/// The one of `all` (which may be none) that `choice` names; `kinds` is what was looked for,
/// "CH341A (1a86:5512)". Throws NoDeviceError where there is none (with the hint `absent` where
/// nothing is there at all), several match, or it cannot be opened; UsageError where `choice.bus`
/// does not parse.
[[nodiscard]] UsbCandidate choose_usb(const std::vector<UsbCandidate>& all, std::string_view kinds,
                                      const UsbChoice& choice, std::string_view absent);

/// Throws the NoDeviceError for libusb's `error` when `name` was opened: permission, in use, gone.
[[noreturn]] void refuse_usb(int error, std::string_view name);

}  // namespace romwright::flash
