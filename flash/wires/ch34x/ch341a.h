// SPDX-License-Identifier: GPL-2.0-or-later
// The USB protocol of WCH's CH341A in its SPI mode: packets of 32 bytes, each a command of its own.
#pragma once

#include <deque>

#include "flash/wires/ch34x/protocol.h"

namespace romwright::flash {

/// A packet of SPI data (0xa8) has up to 31 bytes, least significant bit first, and is answered by
/// as many. A packet of pin commands (0xab) sets chip-select, waits, and is not answered. A shorter
/// packet ends its USB transfer.
class Ch341aProtocol final : public Ch34xProtocol {
 public:
  void start() override;
  void cycle(ConstBytes out, Bytes in) override;
  /// Inside a packet of pin commands, in whole microseconds.
  std::chrono::nanoseconds wait(std::chrono::nanoseconds time) override;
  void finish() override;
  void release() override;
  std::uint32_t set_clock_hz(std::uint32_t /*hz*/) override { return 0; }
  [[nodiscard]] std::uint32_t clock_hz() const noexcept override { return 0; }
  void clear() override;

  [[nodiscard]] std::size_t expected() const override { return answers_.size(); }
  void receive(ConstBytes packet) override;

 private:
  struct Answer {
    std::size_t size = 0;
    std::size_t echo = 0;  ///< bytes at its start that answer what was sent
    Bytes into;
  };
  /// Where the next packet goes: behind what is there, or to a transfer of its own where that ended
  /// with a short packet or is long.
  Buffer& packet();

  std::deque<Answer> answers_;
};

}  // namespace romwright::flash
