// SPDX-License-Identifier: GPL-2.0-or-later
// The USB protocol of WCH's CH347: framed commands, one a packet.
#pragma once

#include <deque>

#include "flash/wires/ch34x/protocol.h"

namespace romwright::flash {

inline constexpr std::uint32_t ch347_fastest_hz = 60'000'000;
inline constexpr std::uint32_t ch347_default_hz = 7'500'000;

/// Every frame is a command, the length of what follows (16 bits, little-endian), and that. Bytes
/// out (0xc4) are acknowledged, bytes in (0xc3) come in frames of the device's choice, chip-select
/// (0xc1) is not answered.
class Ch347Protocol final : public Ch34xProtocol {
 public:
  explicit Ch347Protocol(std::uint32_t clock_hz = ch347_default_hz);

  void start() override;
  void cycle(ConstBytes out, Bytes in) override;
  /// Clocks bytes out with chip-select high.
  std::chrono::nanoseconds wait(std::chrono::nanoseconds time) override;
  void finish() override;
  void release() override { finish(); }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  [[nodiscard]] std::uint32_t clock_hz() const noexcept override;
  void clear() override;

  [[nodiscard]] std::size_t expected() const override { return packets_; }
  void receive(ConstBytes packet) override;

 private:
  /// What a command makes the device send: `count` bytes in frames of `command`.
  struct Answer {
    std::uint8_t command = 0;
    std::size_t count = 0;
    Bytes into;  ///< empty where they only acknowledge
    std::size_t got = 0;
  };
  Buffer& frame(std::uint8_t command, std::size_t size);
  void select(bool low);
  void send(ConstBytes data);
  void expect(Answer answer);
  void take_frame(std::uint8_t command, ConstBytes data);

  unsigned divisor_;
  bool selected_ = true;  ///< not known to be high
  std::deque<Answer> answers_;
  std::size_t packets_ = 0;  ///< the fewest that bring the answers
  Buffer partial_;           ///< the start of a frame that the next packet goes on with
};

}  // namespace romwright::flash
