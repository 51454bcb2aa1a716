// SPDX-License-Identifier: GPL-2.0-or-later
// A serprog device in software, with a simulated chip behind it: bytes of the host go in, the
// device's answers come out.
#pragma once

#include <chrono>
#include <cstdint>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {

/// What kind of device it is. Lengths are at most 2^24 - 1, the most that the protocol can name.
struct SerprogTraits {
  std::uint32_t max_write = 65536;         ///< bytes out of one O_SPIOP
  std::uint32_t max_read = 0xffffff;       ///< bytes in of one O_SPIOP
  std::uint32_t fastest_hz = 30'000'000;   ///< of the wire; what S_SPI_FREQ asks beyond it is cut
  std::uint16_t operation_buffer = 65535;  ///< bytes of delays that O_EXEC runs
};

/// Speaks version 1 of the serprog protocol on the SPI bus alone. Commands that it does not know
/// are answered with NAK; so is an O_SPIOP that is longer than the limits, its bytes swallowed.
class SerprogModel {
 public:
  /// Model and clock outlive this; every O_SPIOP takes the wire's time on the clock.
  SerprogModel(NorModel& model, VirtualClock& clock, SerprogTraits traits = {});

  /// Takes what the host sent, in pieces of any size. Throws DeviceError once the chip has no
  /// power.
  void receive(ConstBytes bytes);
  /// Everything answered since the last call.
  [[nodiscard]] Buffer take_answer();

 private:
  [[nodiscard]] std::size_t command_size() const;
  void execute();
  void acknowledge(ConstBytes answer = {});
  void refuse();
  void query(std::uint8_t command);
  void spi_operation();
  void set_frequency();
  void add_delay();

  NorModel& model_;
  VirtualClock& clock_;
  SerprogTraits traits_;
  std::uint32_t clock_hz_;
  std::chrono::nanoseconds delay_{0};  ///< what the operation buffer holds
  std::size_t buffered_ = 0;
  bool pins_on_ = true;
  Buffer pending_, answer_;
};

}  // namespace romwright::flash
