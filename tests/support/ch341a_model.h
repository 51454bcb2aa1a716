// SPDX-License-Identifier: GPL-2.0-or-later
// WCH's CH341A in software, with a chip on its pins: USB packets out, USB packets in.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "tests/support/duplex_chip.h"

namespace romwright::flash::test {

class Ch341aModel {
 public:
  Ch341aModel(NorModel& chip, VirtualClock& clock) : chip_(chip), clock_(clock) {}

  /// Works off one packet from the host, and takes its time; its answer, where it has one. Throws
  /// Error for what the chip does not understand.
  std::optional<Buffer> packet(ConstBytes packet) {
    if (packet.empty() || packet.size() > 32) throw Error("CH341A: a packet of a wrong size");
    switch (packet[0]) {
      case 0xa8:
        return spi(packet.subspan(1));
      case 0xaa:
        return std::nullopt;
      case 0xab:
        pins(packet.subspan(1));
        return std::nullopt;
      default:
        throw Error("CH341A: a packet of a wrong kind");
    }
  }
  [[nodiscard]] bool outputs() const noexcept { return direction_ == 0x3f; }
  /// Of the wire.
  std::chrono::nanoseconds byte_time{5333};  // 1.5 MHz

 private:
  static std::uint8_t reversed(std::uint8_t value) {
    std::uint8_t result = 0;
    for (unsigned bit = 0; bit < 8; ++bit)
      if ((value & 1U << bit) != 0) result = static_cast<std::uint8_t>(result | 0x80U >> bit);
    return result;
  }
  Buffer spi(ConstBytes data) {
    if (!outputs()) return Buffer(data.size(), 0xff);
    Buffer bytes(data.begin(), data.end());
    for (std::uint8_t& byte : bytes) byte = reversed(byte);
    clock_.advance(byte_time * static_cast<std::int64_t>(bytes.size()));
    Buffer answer = chip_.exchange(bytes);
    for (std::uint8_t& byte : answer) byte = reversed(byte);
    return answer;
  }
  void pins(ConstBytes stream) {
    bool ended = false;
    for (const std::uint8_t byte : stream) {
      if (byte == 0x20) {
        ended = true;
        break;
      }
      const std::uint8_t low = byte & 0x3fU;
      switch (byte & 0xc0U) {
        case 0x40:
          direction_ = low;
          break;
        case 0x80:
          clock_.advance(std::chrono::nanoseconds(750));
          if ((low & 1U) != 0)
            chip_.deselect();
          else
            chip_.select();
          break;
        case 0xc0:
          clock_.advance(std::chrono::microseconds(low));
          break;
        default:
          throw Error("CH341A: a pin command that there is not");
      }
    }
    if (!ended) throw Error("CH341A: a pin stream without an end");
  }

  DuplexChip chip_;
  VirtualClock& clock_;
  std::uint8_t direction_ = 0;
};

}  // namespace romwright::flash::test
