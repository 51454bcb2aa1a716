// SPDX-License-Identifier: GPL-2.0-or-later
// Two bulk endpoints of a USB device as a seam: packets out, packets in, many under way.
#pragma once

#include <cstddef>
#include <span>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Takes the device's packets as they come.
class PacketSink {
 public:
  PacketSink() = default;
  PacketSink(const PacketSink&) = delete;
  PacketSink& operator=(const PacketSink&) = delete;
  virtual ~PacketSink() = default;
  /// At least so many packets are still to come; 0: that was all.
  [[nodiscard]] virtual std::size_t expected() const = 0;
  /// One packet. Throws DeviceError where it is not as the protocol says.
  virtual void receive(ConstBytes packet) = 0;
};

class BulkPipe {
 public:
  BulkPipe() = default;
  BulkPipe(const BulkPipe&) = delete;
  BulkPipe& operator=(const BulkPipe&) = delete;
  virtual ~BulkPipe() = default;
  /// Sends each of `transfers`, in order, and hands every packet that comes to `sink`, until all is
  /// sent and the sink expects none. Reading never waits for writing: what a packet out produces
  /// has its place before it is sent. Throws TimeoutError where nothing moves for a second,
  /// DeviceError where the device is gone.
  virtual void exchange(std::span<const ConstBytes> transfers, PacketSink& sink) = 0;
};

}  // namespace romwright::flash
