// SPDX-License-Identifier: GPL-2.0-or-later
// A serial port as a byte stream: raw bytes, any speed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "flash/host/byte_stream.h"

namespace romwright::flash {

/// Opens `path` for this process alone, 8 bits, no parity, one stop bit, no flow control until it
/// is asked for. `baud` may be any number that the port can do; absent: the speed stays as it is,
/// as USB devices do not care. What was set before is set again at the end. Throws NoDeviceError
/// that says why it cannot be had, UsageError where the port has no such speed.
std::unique_ptr<ByteStream> open_serial_port(const std::string& path,
                                             std::optional<std::uint32_t> baud);

}  // namespace romwright::flash
