// SPDX-License-Identifier: GPL-2.0-or-later
// What the USB protocols of WCH's SPI bridges share: SPI operations become packets out, packets in
// become the answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/host/bulk_pipe.h"

namespace romwright::flash {

/// USB transfers one after another in one memory.
class Transfers {
 public:
  void begin() { starts_.push_back(bytes_.size()); }
  [[nodiscard]] Buffer& bytes() noexcept { return bytes_; }
  /// Bytes of the transfer that was begun last.
  [[nodiscard]] std::size_t current() const noexcept { return bytes_.size() - starts_.back(); }
  [[nodiscard]] bool empty() const noexcept { return starts_.empty(); }
  [[nodiscard]] std::vector<ConstBytes> parts() const;
  void clear();

 private:
  Buffer bytes_;
  std::vector<std::size_t> starts_;
};

/// Encodes into transfers, and is the sink of what comes back.
class Ch34xProtocol : public PacketSink {
 public:
  /// What the device is sent once, before everything else; its answer goes to this sink.
  virtual void start() = 0;
  /// One chip-select cycle: `out` is sent, then `in` is filled, once the packets came. Chip-select
  /// may stay low behind it, until the next operation or `finish`.
  virtual void cycle(ConstBytes out, Bytes in) = 0;
  /// Chip-select high, and so for at least `time`, on the device; returns how long it will be.
  virtual std::chrono::nanoseconds wait(std::chrono::nanoseconds time) = 0;
  /// Chip-select high.
  virtual void finish() = 0;
  /// Gives the pins back, where the device can.
  virtual void release() = 0;
  /// The fastest clock up to `hz`, or the slowest; what it is then. 0: fixed, and not known.
  virtual std::uint32_t set_clock_hz(std::uint32_t hz) = 0;
  [[nodiscard]] virtual std::uint32_t clock_hz() const noexcept = 0;

  [[nodiscard]] Transfers& transfers() noexcept { return transfers_; }
  /// Forgets what was not sent and what has not come.
  virtual void clear() = 0;

 private:
  Transfers transfers_;
};

}  // namespace romwright::flash
