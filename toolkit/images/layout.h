// SPDX-License-Identifier: GPL-2.0-or-later
// The regions of an image, whatever told them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

struct Region {
  std::string name;
  Range range;
  std::string source;  ///< "ifd", "fmap", "cbfs", "layout"
  friend bool operator==(const Region&, const Region&) = default;
};

struct Layout {
  std::vector<Region> regions;  ///< by source (ifd, fmap), then by offset, the larger one first

  /// The first region of that name; the descriptor's come first.
  [[nodiscard]] const Region* find(std::string_view name) const;
};

/// Every region that the flash descriptor and the FMAP name. Throws ImageError where one of them is
/// damaged. Regions may lie outside the image: `check_image` tells.
Layout image_layout(ConstBytes image);

}  // namespace romwright::images
