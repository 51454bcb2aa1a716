// SPDX-License-Identifier: GPL-2.0-or-later
// A link that carries bytes both ways, as sockets and serial ports do.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// Nothing blocks but `wait`, and that is bounded.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;
  /// As messages name it: "127.0.0.1:4000", "/dev/ttyACM0".
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  /// Takes what has arrived, at most `into.size()` bytes; 0 when there is nothing. Throws
  /// DeviceError when the other side is gone.
  virtual std::size_t read_some(Bytes into) = 0;
  /// Gives away as much as the link takes now; returns how many bytes. Throws like `read_some`.
  virtual std::size_t write_some(ConstBytes bytes) = 0;
  /// Returns when there is something to read, or, with `to_write`, room to write; at the latest
  /// after `longest`. May return early. True when there is something to read.
  virtual bool wait(bool to_write, std::chrono::nanoseconds longest) = 0;
  /// The bytes that the system keeps at least while nobody reads, before the other side stands.
  [[nodiscard]] virtual std::size_t kept() const noexcept = 0;
  /// The other side controls the flow: lets its signals stop what is sent, where the link has such.
  virtual void heed_flow_control() {}
};

}  // namespace romwright::flash
