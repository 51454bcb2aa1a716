// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI bus behind an FTDI device's MPSSE: on H types a whole run is one stream, on the older
// ones the host waits.
#pragma once

#include <deque>
#include <optional>

#include "flash/bus/spi_bus.h"
#include "flash/host/stream_link.h"
#include "flash/wires/mpsse/encoder.h"

namespace romwright::flash {

class MpsseBus final : public SpiBus {
 public:
  /// Link and clock outlive the bus. Brings the MPSSE in order; throws DeviceError where nothing on
  /// the link answers as one.
  MpsseBus(StreamLink& link, Clock& clock, MpsseWire wire,
           std::optional<MpsseHighPins> high = std::nullopt);

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return clock_; }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  bool set_sampling(SpiSampling sampling) override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;
  /// Makes all pins inputs, so that the chip's board has it back.
  void release();

 private:
  RunResult stream(std::span<const SpiOp> program, const std::stop_token& stop);
  RunResult step(std::span<const SpiOp> program, const std::stop_token& stop);
  PollResult poll(const SpiOp& poll, std::chrono::nanoseconds since);

  StreamLink& link_;
  Clock& clock_;
  MpsseWire wire_;
  std::optional<MpsseHighPins> high_;
};

}  // namespace romwright::flash
