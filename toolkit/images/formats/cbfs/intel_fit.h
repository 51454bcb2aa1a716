// SPDX-License-Identifier: GPL-2.0-or-later
// Intel's Firmware Interface Table: what the processor looks for at fixed addresses before reset.
// Source: Intel, Firmware Interface Table BIOS Specification (document 599500).
#pragma once

#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

/// A part of the image that a FIT makes immovable.
struct FitComponent {
  std::uint8_t type = 0;  ///< 0 the table itself, 1 microcode, 2 startup ACM, 7 BIOS startup module
  Range range;            ///< in the image
};

/// What the FIT of an image that ends at 4 GiB points to, the table and its pointer included; empty
/// where there is none. Components outside the image are left out.
[[nodiscard]] std::vector<FitComponent> fit_components(ConstBytes image);

}  // namespace romwright::images
