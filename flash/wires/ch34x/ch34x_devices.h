// SPDX-License-Identifier: GPL-2.0-or-later
// WCH's USB bridges as USB numbers them, with their endpoints.
#pragma once

#include <array>

#include "flash/bus/programmer.h"
#include "flash/host/usb_device.h"
#include "flash/host/usb_pipe.h"

namespace romwright::flash {

inline constexpr std::array<UsbKind, 1> ch341a_kinds{{{0x1a86, 0x5512, "CH341A"}}};
inline constexpr UsbPipeShape ch341a_shape{.out = 0x02, .in = 0x82, .in_packet = 32};

inline constexpr std::array<UsbKind, 2> ch347_kinds{
    {{0x1a86, 0x55db, "CH347T", 2, true}, {0x1a86, 0x55de, "CH347F", 4, true}}};
inline constexpr UsbPipeShape ch347_shape{.out = 0x06, .in = 0x86, .in_packet = 512};

/// The parameters that choose one of several.
inline UsbChoice usb_choice(const Parameters& parameters) {
  return {parameters.get("serial"), parameters.get("bus")};
}

}  // namespace romwright::flash
