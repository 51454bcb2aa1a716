// SPDX-License-Identifier: GPL-2.0-or-later
// Programmers that users of flashprog and flashrom know, and romwright does not drive.
#pragma once

#include <array>
#include <string_view>

namespace romwright::flash {

struct UndrivenProgrammer {
  std::string_view name;  ///< as flashprog spells it
  std::string_view title;
};

inline constexpr std::array undriven_programmers{
    UndrivenProgrammer{"buspirate_spi", "Bus Pirate"},
    UndrivenProgrammer{"dediprog", "Dediprog SF100, SF200, SF600, SF700"},
    UndrivenProgrammer{"developerbox", "Developerbox (CP2102N)"},
    UndrivenProgrammer{"digilent_spi", "Digilent iCEblink40 and other JTAG boards"},
    UndrivenProgrammer{"dirtyjtag_spi", "DirtyJTAG"},
    UndrivenProgrammer{"ft4222_spi", "FTDI FT4222H"},
    UndrivenProgrammer{"jlink_spi", "SEGGER J-Link"},
    UndrivenProgrammer{"linux_gpio_spi", "SPI by single GPIO lines"},
    UndrivenProgrammer{"pickit2_spi", "Microchip PICkit 2"},
    UndrivenProgrammer{"stlinkv3_spi", "ST STLINK-V3"},
    UndrivenProgrammer{"usbblaster_spi", "Altera USB-Blaster"},
};

}  // namespace romwright::flash
