// SPDX-License-Identifier: GPL-2.0-or-later
// The boards with an FTDI chip that can drive a SPI bus, and the pins that each one needs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "flash/bus/programmer.h"
#include "flash/wires/mpsse/encoder.h"

namespace romwright::flash {

struct FtdiBoard {
  std::string_view type;  ///< as in type=
  std::string_view name;
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  unsigned channels = 0;
  std::uint8_t select = 0x08;     ///< pins that are low while the chip is selected, high otherwise
  std::uint8_t high = 0x00;       ///< pins that are always high
  std::uint8_t direction = 0x0b;  ///< pins that are driven
  std::uint32_t divisor = 2;
  std::optional<MpsseHighPins> high_pins = std::nullopt;
  bool bare = false;        ///< no level shifters: the pins carry the chip's own 3.3 V
  bool high_speed = false;  ///< an H type, though libftdi may not know its number

  [[nodiscard]] constexpr MpssePins pins() const noexcept {
    return {
        .selected = high, .idle = static_cast<std::uint8_t>(high | select), .direction = direction};
  }
};

/// All of them, the default (2232H) first.
[[nodiscard]] std::span<const FtdiBoard> ftdi_boards() noexcept;
/// By type, upper and lower case alike; nullptr where there is none.
[[nodiscard]] const FtdiBoard* find_ftdi_board(std::string_view type) noexcept;

/// The parameters that give the pins GPIOL0 to GPIOL3 (4 to 7 of the channel) a use.
inline constexpr std::array<std::string_view, 4> gpiol_keys{"gpiol0", "gpiol1", "gpiol2", "gpiol3"};
/// `board` with the uses that csgpiol= and gpiol0= to gpiol3= name. Throws UsageError for a pin
/// that has a use already.
[[nodiscard]] FtdiBoard with_gpiols(FtdiBoard board, const Parameters& parameters);

}  // namespace romwright::flash
