// SPDX-License-Identifier: GPL-2.0-or-later
// A link to a device that works off a stream of bytes and answers in order.
#pragma once

#include <chrono>
#include <cstddef>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Writes are queued and answers awaited, so that the device never runs dry. Every call ends in
/// bounded time.
class StreamLink {
 public:
  StreamLink() = default;
  StreamLink(const StreamLink&) = delete;
  StreamLink& operator=(const StreamLink&) = delete;
  virtual ~StreamLink() = default;
  /// Queues `bytes`, which the device needs `time` for and answers with `answers` bytes; reads for
  /// these are posted first. Waits only while the queue is full. Throws DeviceError when the link
  /// breaks, TimeoutError when the device stands still for longer than what it was given explains.
  virtual void write(ConstBytes bytes, std::size_t answers, std::chrono::nanoseconds time) = 0;
  /// Waits for the next answers, of which that many were announced. Throws like `write`.
  virtual void read(Bytes into) = 0;
  /// Waits until the device has taken everything that was written. Throws like `write`.
  virtual void flush() = 0;
};

}  // namespace romwright::flash
