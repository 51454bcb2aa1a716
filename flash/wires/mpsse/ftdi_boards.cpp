// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/ftdi_boards.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr unsigned first_gpiol = 4;  // of the pins 0 to 7

constexpr FtdiBoard boards[] = {
    {.type = "2232h",
     .name = "FTDI FT2232H",
     .vendor = 0x0403,
     .product = 0x6010,
     .channels = 2,
     .bare = true},
    {.type = "4232h",
     .name = "FTDI FT4232H",
     .vendor = 0x0403,
     .product = 0x6011,
     .channels = 4,
     .bare = true},
    {.type = "232h",
     .name = "FTDI FT232H",
     .vendor = 0x0403,
     .product = 0x6014,
     .channels = 1,
     .bare = true},
    {.type = "4233h",
     .name = "FTDI FT4233H",
     .vendor = 0x0403,
     .product = 0x6041,
     .channels = 4,
     .bare = true,
     .high_speed = true},
    {.type = "jtagkey",
     .name = "Amontec JTAGkey",
     .vendor = 0x0403,
     .product = 0xcff8,
     .channels = 2,
     .select = 0x18,
     .direction = 0x1b},
    {.type = "picotap",
     .name = "GOEPEL PicoTAP",
     .vendor = 0x096c,
     .product = 0x1449,
     .channels = 2},
    {.type = "tumpa",
     .name = "TIAO USB Multi-Protocol Adapter",
     .vendor = 0x0403,
     .product = 0x8a98,
     .channels = 2},
    {.type = "tumpalite",
     .name = "TIAO USB Multi-Protocol Adapter Lite",
     .vendor = 0x0403,
     .product = 0x8a99,
     .channels = 1},
    {.type = "busblaster",
     .name = "Dangerous Prototypes Bus Blaster",
     .vendor = 0x0403,
     .product = 0x6010,
     .channels = 2,
     .select = 0x18,
     .direction = 0x1b},
    {.type = "openmoko",
     .name = "FIC OpenMoko Neo1973 Debug board (V2+)",
     .vendor = 0x1457,
     .product = 0x5118,
     .channels = 2},
    {.type = "arm-usb-ocd",
     .name = "Olimex ARM-USB-OCD",
     .vendor = 0x15ba,
     .product = 0x0003,
     .channels = 2,
     .direction = 0x1b},
    {.type = "arm-usb-tiny",
     .name = "Olimex ARM-USB-TINY",
     .vendor = 0x15ba,
     .product = 0x0004,
     .channels = 2},
    {.type = "arm-usb-ocd-h",
     .name = "Olimex ARM-USB-OCD-H",
     .vendor = 0x15ba,
     .product = 0x002b,
     .channels = 2,
     .direction = 0x1b},
    {.type = "arm-usb-tiny-h",
     .name = "Olimex ARM-USB-TINY-H",
     .vendor = 0x15ba,
     .product = 0x002a,
     .channels = 2},
    {.type = "google-servo",
     .name = "Google Servo",
     .vendor = 0x18d1,
     .product = 0x5001,
     .channels = 4},
    {.type = "google-servo-v2",
     .name = "Google Servo V2",
     .vendor = 0x18d1,
     .product = 0x5003,
     .channels = 4,
     .divisor = 6},
    {.type = "google-servo-v2-legacy",
     .name = "Google Servo V2 Legacy",
     .vendor = 0x18d1,
     .product = 0x5002,
     .channels = 4},
    {.type = "flyswatter",
     .name = "TinCanTools Flyswatter(-2)",
     .vendor = 0x0403,
     .product = 0x6010,
     .channels = 2,
     .direction = 0xcb},
    {.type = "kt-link",
     .name = "Kristech KT-LINK",
     .vendor = 0x0403,
     .product = 0xbbe2,
     .channels = 1,
     .high = 0x20,
     .direction = 0x2b,
     .high_pins = MpsseHighPins{0x00, 0x70}},
};

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::span<const FtdiBoard> ftdi_boards() noexcept { return boards; }

const FtdiBoard* find_ftdi_board(std::string_view type) noexcept {
  const auto* const at = std::ranges::find_if(boards, [&](const FtdiBoard& board) {
    return std::ranges::equal(board.type, type, {}, lower, lower);
  });
  return at == std::end(boards) ? nullptr : at;
}

FtdiBoard with_gpiols(FtdiBoard board, const Parameters& parameters) {
  const auto claim = [&](std::string_view key, unsigned pin) {
    const auto bit = static_cast<std::uint8_t>(1U << (first_gpiol + pin));
    if ((board.direction & bit) != 0)
      refuse_parameter(parameters, key,
                       fmt::format("GPIOL{} of {} is in use already", pin, board.name));
    board.direction = static_cast<std::uint8_t>(board.direction | bit);
    return bit;
  };
  if (const auto pin = number_parameter(parameters, "csgpiol", gpiol_keys.size() - 1)) {
    const std::uint8_t bit = claim("csgpiol", static_cast<unsigned>(*pin));
    board.select = static_cast<std::uint8_t>(board.select | bit);
  }
  for (unsigned pin = 0; pin < gpiol_keys.size(); ++pin) {
    const auto given = parameters.get(gpiol_keys[pin]);
    if (!given) continue;
    const char use = given->size() == 1 ? static_cast<char>(given->front() & ~0x20) : '?';
    if (use != 'H' && use != 'L' && use != 'C')
      refuse_parameter(parameters, gpiol_keys[pin], "H: high, L: low, C: another chip select");
    const std::uint8_t bit = claim(gpiol_keys[pin], pin);
    if (use == 'H') board.high = static_cast<std::uint8_t>(board.high | bit);
    if (use == 'C') board.select = static_cast<std::uint8_t>(board.select | bit);
  }
  return board;
}

}  // namespace romwright::flash
