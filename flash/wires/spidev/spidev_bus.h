// SPDX-License-Identifier: GPL-2.0-or-later
// A SPI bus that Linux drives, by its device file /dev/spidevX.Y.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "flash/base/clock.h"
#include "flash/bus/spi_bus.h"
#include "flash/host/device_file.h"
#include "flash/wires/spidev/message.h"

namespace romwright::flash {

inline constexpr std::uint32_t spidev_default_clock = 2'000'000;

/// Does not stream: a round trip is one ioctl, waits and polls are the host's, who sleeps.
class SpidevBus final : public SpiBus {
 public:
  /// Opens `path`, and sets mode 0, 8 bits and the clock. Throws NoDeviceError where it cannot be
  /// opened, UsageError where its controller does not take the clock, DeviceError where it is no
  /// spidev. Kernel and clock outlive it.
  SpidevBus(Kernel& kernel, Clock& clock, std::string path,
            std::uint32_t clock_hz = spidev_default_clock);

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return clock_; }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// What the transfers of one message may add up to.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  void set(unsigned long request, void* value, const char* what);
  void send(SpidevMessage& message);
  std::uint8_t read_status(std::uint8_t opcode);

  Clock& clock_;
  std::string path_;
  std::unique_ptr<DeviceFile> file_;
  std::size_t capacity_;
  std::uint32_t clock_hz_ = 0;
};

}  // namespace romwright::flash
