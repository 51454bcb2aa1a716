// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI bus behind one of WCH's USB bridges: a run is a stream of packets, short waits are the
// device's, long ones the host's.
#pragma once

#include <memory>
#include <vector>

#include "flash/bus/spi_bus.h"
#include "flash/wires/ch34x/protocol.h"

namespace romwright::flash {

class Ch34xBus final : public SpiBus {
 public:
  /// Sets the device up. Pipe and clock outlive the bus. Throws DeviceError where it does not
  /// answer as it should.
  Ch34xBus(BulkPipe& pipe, Clock& clock, std::unique_ptr<Ch34xProtocol> protocol);

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return clock_; }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;
  /// Gives the pins back to the chip's board, where the device can.
  void release();

 private:
  /// Sends what was encoded and waits for its answers.
  void exchange();

  BulkPipe& pipe_;
  Clock& clock_;
  std::unique_ptr<Ch34xProtocol> protocol_;
  Buffer out_;  ///< kept for its memory
};

}  // namespace romwright::flash
