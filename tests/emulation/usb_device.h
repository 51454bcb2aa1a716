// SPDX-License-Identifier: GPL-2.0-or-later
// What an emulated USB device is to the emulated libusb: descriptors, control requests, and
// transfers that complete at times which the device computes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::emulation {

/// The device's time since the program started: the machine's steady clock, times the haste.
using Time = std::chrono::nanoseconds;
inline constexpr Time never = Time::max();

struct UsbEndpoint {
  std::uint8_t address = 0;  ///< bit 7: IN
  std::uint16_t packet = 512;
};

/// What the descriptors say. Strings that are empty have no index.
struct UsbDescription {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::uint16_t release = 0;  ///< bcdDevice
  bool high_speed = true;
  std::string manufacturer, name, serial;
  std::vector<std::vector<UsbEndpoint>> interfaces;  ///< each with its bulk endpoints
};

/// The eight bytes of a control request.
struct UsbSetup {
  std::uint8_t type = 0;
  std::uint8_t request = 0;
  std::uint16_t value = 0;
  std::uint16_t index = 0;
};

/// A bulk transfer under way. The device writes the results; those of requests that are not yet
/// delivered may be revised, when a later submission changes what happens.
struct UsbRequest {
  std::uint8_t endpoint = 0;
  Bytes data;      ///< what is sent, or where it goes
  Time starts{0};  ///< when the bus gets to it: later than submitted where nothing is queued
  std::size_t actual = 0;  ///< result: bytes moved
  bool failed = false;     ///< result: a stall or a device that is gone
  Time completes = never;  ///< result: when the host learns of it; never while that is not known
};

/// A device. All calls are serialised; `now` never goes back. A device may work ahead of `now` as
/// far as the requests that it has determine what happens.
class UsbDevice {
 public:
  UsbDevice() = default;
  UsbDevice(const UsbDevice&) = delete;
  UsbDevice& operator=(const UsbDevice&) = delete;
  virtual ~UsbDevice() = default;
  [[nodiscard]] virtual const UsbDescription& description() const noexcept = 0;
  /// A control request that is not one of the standard ones; the bytes moved, or nothing: a stall.
  virtual std::optional<std::size_t> control(const UsbSetup& setup, Bytes data, Time now) = 0;
  /// The request stays alive until it is delivered or cancelled. Those of one endpoint complete in
  /// order.
  virtual void submit(UsbRequest& request, Time now) = 0;
  /// `request` is not touched any more afterwards; its `actual` says how far it got.
  virtual void cancel(UsbRequest& request, Time now) = 0;
  /// The host has learnt of `request`, which is not touched any more.
  virtual void delivered(UsbRequest& request, Time now) = 0;
  /// Works up to `now`; called before completions are looked at.
  virtual void advance(Time now) = 0;
};

/// KEY=VALUE,... behind the kind's name; a device removes what it knows, the rest is an error.
/// The host's own keys are removed before: see tests/emulation/bus.h.
class Settings {
 public:
  explicit Settings(std::string_view text);
  std::string take(std::string_view key, std::string fallback = {});
  std::uint64_t take_number(std::string_view key, std::uint64_t fallback);
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& rest() const noexcept {
    return values_;
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// A kind of device that ROMWRIGHT_EMULATED_USB can name. One object a kind, at namespace scope in
/// the device's .cpp, enters itself into the table.
class UsbDeviceKind {
 public:
  using Make = std::unique_ptr<UsbDevice> (*)(Settings& settings);
  UsbDeviceKind(std::string_view name, Make maker);
  /// Throws Error for a kind that there is not.
  static std::unique_ptr<UsbDevice> make(std::string_view name, Settings& settings);
};

}  // namespace romwright::emulation
