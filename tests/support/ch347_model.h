// SPDX-License-Identifier: GPL-2.0-or-later
// WCH's CH347 in software, with a chip on its first chip-select: USB packets out, USB packets in.
#pragma once

#include <chrono>
#include <vector>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "tests/support/duplex_chip.h"

namespace romwright::flash::test {

class Ch347Model {
 public:
  Ch347Model(NorModel& chip, VirtualClock& clock) : chip_(chip), clock_(clock) {}

  /// Works off one packet, which is one frame; the packets that answer it.
  std::vector<Buffer> packet(ConstBytes packet) {
    if (packet.size() < 3 || packet.size() > 510 ||
        packet.size() != 3U + load_le<std::uint16_t>(packet, 1))
      throw Error("CH347: a frame of a wrong size");
    const ConstBytes data = packet.subspan(3);
    switch (packet[0]) {
      case 0xc0:
        hz_ = 60'000'000U >> (data[12] >> 3 & 7U);
        return {Buffer{0xc0, 1, 0, 0}};
      case 0xc1:
        if ((data[0] & 0x80U) != 0) (data[0] & 0x40U) != 0 ? chip_.deselect() : chip_.select();
        return {};
      case 0xc4:
        clocked(data.size());
        chip_.exchange(data);
        return {Buffer{0xc4, 1, 0, 0}};
      case 0xc3:
        return read(load_le<std::uint32_t>(data));
      default:
        throw Error("CH347: a command that there is not");
    }
  }
  [[nodiscard]] std::uint32_t clock_hz() const noexcept { return hz_; }

 private:
  std::vector<Buffer> read(std::size_t count) {
    std::vector<Buffer> answers;
    for (std::size_t done = 0; done < count;) {
      const std::size_t size = std::min<std::size_t>(count - done, 507);
      clocked(size);
      Buffer frame{0xc3, static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8)};
      const Buffer data = chip_.exchange(Buffer(size, 0xff));
      frame.insert(frame.end(), data.begin(), data.end());
      answers.push_back(std::move(frame));
      done += size;
    }
    return answers;
  }
  void clocked(std::size_t bytes) {
    clock_.advance(std::chrono::nanoseconds(bytes * 8'000'000'000ULL / hz_));
  }

  DuplexChip chip_;
  VirtualClock& clock_;
  std::uint32_t hz_ = 60'000'000;
};

}  // namespace romwright::flash::test
