// SPDX-License-Identifier: GPL-2.0-or-later
// The two parts of the firmware of HP's embedded controllers (SMSC KBC1098 and KBC1126) in a flash
// image. Source: coreboot, ec/hp/kbc1126.
#pragma once

#include <array>
#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Both parts, in the image, each with its length and checksum in front.
struct Kbc1126Firmware {
  std::array<Range, 2> parts;
};

/// The parts that the table 256 bytes before the image's end points to. Throws ImageError where
/// there is no such table, and for a part that leaves the image, is empty, or has another checksum.
[[nodiscard]] Kbc1126Firmware read_kbc1126(ConstBytes image);

}  // namespace romwright::images
