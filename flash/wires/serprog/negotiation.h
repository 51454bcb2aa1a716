// SPDX-License-Identifier: GPL-2.0-or-later
// What a serprog device is and can do, asked of it without sending it anything that it does not
// know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flash/wires/serprog/conversation.h"

namespace romwright::flash {

struct SerprogDevice {
  SerprogCommands commands;
  std::string name;  ///< as it calls itself; may be empty
  /// Bytes that may be under way unanswered; absent where its flow control takes any number.
  std::optional<std::size_t> window = 16;
  std::uint32_t longest_write = serprog_longest - 1;  ///< bytes out of one O_SPIOP
  std::uint32_t longest_read = serprog_longest - 1;   ///< bytes in of one O_SPIOP
  bool delays = false;                                ///< O_DELAY and O_EXEC work
};

/// Synchronizes, asks what the device is, chooses its SPI bus and chip-select line, and switches
/// its pins on. Throws NoDeviceError where it is none for SPI or has no such line, TimeoutError or
/// DeviceError where it fails.
SerprogDevice negotiate(SerprogConversation& conversation,
                        std::optional<std::uint8_t> chip_select = std::nullopt);

}  // namespace romwright::flash
