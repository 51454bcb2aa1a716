// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI bus behind a serprog device: a whole run is one stream of commands, and the waits in it
// happen on the device.
#pragma once

#include <deque>
#include <optional>

#include "flash/bus/spi_bus.h"
#include "flash/wires/serprog/conversation.h"
#include "flash/wires/serprog/negotiation.h"

namespace romwright::flash {

class SerprogBus final : public SpiBus {
 public:
  /// The conversation outlives the bus; `device` is what its negotiation found.
  SerprogBus(SerprogConversation& conversation, SerprogDevice device);

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return conversation_.clock(); }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;
  [[nodiscard]] const SerprogDevice& device() const noexcept { return device_; }
  /// Switches the pins off, where the device can, so that the chip's board has it back.
  void release();

 private:
  using Time = std::chrono::nanoseconds;

  /// A poll that is under way.
  struct Look {
    StatusWatch watch;
    std::size_t op = 0;
    Time before{0};      ///< already waited since the last command
    Time time{0};        ///< from then until the last reading
    bool dense = false;  ///< the status is read all that time
  };

  void command(const SpiCommand& command);
  void wait(Time time);
  void poll(std::uint8_t opcode, Look& look);
  [[nodiscard]] PollResult seen(const Look& look) const;
  void read_status(StatusWatch& watch, std::uint8_t opcode, std::uint64_t count);
  void delay(Time time);
  [[nodiscard]] bool reads_through(Time time) const;
  [[nodiscard]] bool needs_readings(std::span<const SpiOp> program) const;
  [[nodiscard]] Time wire_time(std::uint64_t bytes) const;
  void calibrate();

  SerprogConversation& conversation_;
  SerprogDevice device_;
  std::uint32_t clock_hz_ = 0;       ///< 0 where the device does not tell
  std::optional<double> byte_time_;  ///< nanoseconds of one reading, as measured at this clock
  Buffer out_;                       ///< kept for its memory
};

}  // namespace romwright::flash
