// SPDX-License-Identifier: GPL-2.0-or-later
// The components of an Intel Firmware Support Package, version 2: T, M, S and others, one behind
// the other. Source: Intel, FSP External Architecture Specification 2.x.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

struct FspComponent {
  char letter = '?';  ///< 'T' temporary memory, 'M' memory, 'S' silicon, 'I' SMM, 'O' OEM
  Range range;        ///< in the package
  std::uint8_t header_revision = 0;
  std::string image_id;              ///< "$KBLFSP$"
  std::uint32_t image_revision = 0;  ///< major, minor, revision, build, a byte each
  std::uint32_t image_base = 0;      ///< the address that it is made for
};

/// The components of `fsp`, by their places. Throws ImageError where there is none, and for one
/// that leaves the package or is of no known kind.
[[nodiscard]] std::vector<FspComponent> read_fsp(ConstBytes fsp);

}  // namespace romwright::images
