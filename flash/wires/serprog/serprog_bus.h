// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI bus behind a serprog device: a whole run is one stream of commands, and the waits in it
// happen on the device. Where its buffer is too small for that, the host waits.
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
    std::size_t op = 0;
    std::uint8_t mask = 0, expect = 0;
    Time elapsed{0};  ///< when it was to be made
    StatusReading reading;
  };
  /// Of one status byte among many, in nanoseconds.
  struct ReadingTime {
    double shortest = 0;    ///< on the wire
    double real = 0;        ///< with the device and the link
    double round_trip = 0;  ///< of one reading alone
  };

  [[nodiscard]] bool streams() const noexcept;
  RunResult stream(std::span<const SpiOp> program, const std::stop_token& stop);
  RunResult step(std::span<const SpiOp> program, const std::stop_token& stop);
  void command(const SpiCommand& command);
  void wait(Time time);
  void poll(std::uint8_t opcode, Time time, StatusReading& reading);
  void read_status(StatusReading& reading, std::uint8_t opcode, std::uint64_t count);
  void delay(Time time);
  [[nodiscard]] bool reads_through(Time time) const;
  [[nodiscard]] bool needs_calibration(std::span<const SpiOp> program) const;
  [[nodiscard]] Time wire_time(std::uint64_t bytes) const;
  void calibrate();

  SerprogConversation& conversation_;
  SerprogDevice device_;
  std::uint32_t clock_hz_ = 0;          ///< 0 where the device does not tell
  std::optional<ReadingTime> reading_;  ///< as measured at this clock
  Buffer out_;                          ///< kept for its memory
};

}  // namespace romwright::flash
