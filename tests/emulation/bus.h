// SPDX-License-Identifier: GPL-2.0-or-later
// The emulated host: which devices are plugged in, what transfers are under way, and the time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <libusb.h>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "tests/emulation/usb_device.h"

/// ROMWRIGHT_EMULATED_USB is KIND:KEY=VALUE,...[;KIND:...]. Keys of the host: busy=yes (another
/// program has claimed it), permission=denied. Devices are numbered on bus 1 from address 2 on.
/// ROMWRIGHT_EMULATED_HASTE=N lets the devices' time run N times as fast as the machine's.
struct libusb_device {
  std::unique_ptr<romwright::emulation::UsbDevice> model;
  std::uint8_t address = 0;
  bool busy = false;
  bool denied = false;
};

struct libusb_device_handle {
  libusb_device* device = nullptr;
  std::set<int> claimed;
};

namespace romwright::emulation {

class Bus {
 public:
  static Bus& get();

  [[nodiscard]] const std::vector<std::unique_ptr<libusb_device>>& devices() const noexcept {
    return devices_;
  }
  int control(libusb_device& device, const UsbSetup& setup, Bytes data);
  int submit(libusb_transfer& transfer);
  int cancel(libusb_transfer& transfer);
  /// Delivers what is complete; waits for something at most `timeout`, or until `completed`.
  void handle_events(std::chrono::nanoseconds timeout, const int* completed);

 private:
  using Clock = std::chrono::steady_clock;
  struct Flight {
    libusb_transfer* transfer = nullptr;
    UsbDevice* model = nullptr;
    UsbRequest request;
    Clock::time_point gives_up = Clock::time_point::max();
    bool cancelled = false;
  };

  Bus();
  [[nodiscard]] Time now() const;
  [[nodiscard]] Clock::time_point real(Time time) const;
  void advance(Time now);
  bool finish_one(Time now, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Clock::time_point next_event() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<libusb_device>> devices_;
  std::list<Flight> flights_;
  Clock::time_point start_ = Clock::now();
  std::int64_t haste_ = 1;
};

}  // namespace romwright::emulation
