// SPDX-License-Identifier: GPL-2.0-or-later
// The mainboard that a coreboot image says it is for, in its last bytes.
#pragma once

#include <optional>
#include <string>

#include "flash/base/bytes.h"

namespace romwright::images {

struct CorebootId {
  std::string vendor, part;
  friend bool operator==(const CorebootId&, const CorebootId&) = default;
};

/// How much of an image's end `find_coreboot_id` looks at.
inline constexpr std::size_t coreboot_id_reach = 4096;

/// The identity of `image` (or of its last bytes, `image_size` being the whole): three words 16 or
/// 128 bytes before the end tell where the strings of vendor and part lie, counted from the end,
/// and the image's size. Nothing where they do not, as in other firmware. Source: coreboot's
/// section .id.
std::optional<CorebootId> find_coreboot_id(ConstBytes image, std::uint64_t image_size);
inline std::optional<CorebootId> find_coreboot_id(ConstBytes image) {
  return find_coreboot_id(image, image.size());
}

}  // namespace romwright::images
