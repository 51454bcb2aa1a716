// SPDX-License-Identifier: GPL-2.0-or-later
// A TCP connection as a byte stream.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "flash/host/byte_stream.h"

namespace romwright::flash {

/// Connects to the first address of `host` that answers; all of them together get `patience`.
/// Throws NoDeviceError.
std::unique_ptr<ByteStream> connect_tcp(
    const std::string& host, const std::string& port,
    std::chrono::nanoseconds patience = std::chrono::seconds(5));

}  // namespace romwright::flash
