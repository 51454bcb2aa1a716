// SPDX-License-Identifier: GPL-2.0-or-later
// A serprog device in software, with a simulated chip behind it: bytes of the host go in, the
// device's answers come out.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>

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
  bool delays = true;                      ///< has O_INIT, O_DELAY, O_EXEC and Q_OPBUF
  bool settable_clock = true;              ///< has S_SPI_FREQ
  bool silent = false;                     ///< answers nothing to what it does not know
  /// Bytes of commands that it keeps until they are answered; what comes beyond is lost, except of
  /// a command that begins when nothing else is unanswered. 0xffff: its link has flow control.
  std::uint16_t serial_buffer = 0xffff;
  std::uint32_t link_bytes_per_second = 0;  ///< each byte takes its time; 0: none
  std::uint64_t dies_after = 0;             ///< commands; 0: never
};

/// Speaks version 1 of the serprog protocol on the SPI bus alone. Commands that it does not know
/// are answered with NAK (not by a silent device); so is an O_SPIOP that is longer than the limits,
/// its bytes swallowed.
class SerprogModel {
 public:
  /// Model and clock outlive this; every O_SPIOP takes the wire's time on the clock.
  SerprogModel(NorModel& model, VirtualClock& clock, SerprogTraits traits = {});

  /// Takes what the host sent, in pieces of any size. Throws DeviceError once the chip has no
  /// power.
  void receive(ConstBytes bytes);
  /// The same up to the end of one command; returns how many bytes that were.
  std::size_t receive_command(ConstBytes bytes);
  /// The next answers, at most `longest` bytes. The host has them now.
  [[nodiscard]] Buffer take_answer(std::size_t longest = std::numeric_limits<std::size_t>::max());
  /// Bytes that were answered and not taken.
  [[nodiscard]] std::size_t answered() const noexcept { return answer_.size(); }
  /// Bytes that came when the serial buffer was full.
  [[nodiscard]] std::uint64_t lost_bytes() const noexcept { return lost_bytes_; }

 private:
  /// A command that the host has no answer to yet.
  struct Unanswered {
    std::size_t size = 0;    ///< bytes
    std::size_t answer = 0;  ///< bytes that are not taken
  };

  [[nodiscard]] std::size_t command_size() const;
  [[nodiscard]] bool knows(std::uint8_t command) const;
  void spend_link(std::uint64_t bytes);
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
  std::deque<Unanswered> unanswered_;
  std::size_t unanswered_bytes_ = 0;
  bool alone_ = true;  ///< nothing was unanswered when the command under way began
  std::uint64_t commands_ = 0, lost_bytes_ = 0;
};

}  // namespace romwright::flash
