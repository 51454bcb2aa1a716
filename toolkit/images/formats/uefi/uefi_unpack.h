// SPDX-License-Identifier: GPL-2.0-or-later
// Decompresses the body of a section, within a budget.
#pragma once

#include <cstdint>

#include "toolkit/images/formats/uefi/uefi_section.h"

namespace romwright::images {

/// What is left to be spent. Every try counts with what it declares, a failed one too, so that many
/// damaged sections take no longer than good ones.
struct UefiBudget {
  std::uint64_t one = 0;  ///< bytes that one section may expand to
  std::uint64_t all = 0;  ///< bytes that are left for all
};

[[nodiscard]] constexpr bool is_compressed(UefiPacking packing) noexcept {
  return packing != UefiPacking::plain && packing != UefiPacking::crc32 &&
         packing != UefiPacking::unknown;
}

/// The content of a compressed body. Throws ImageError for damaged data and beyond the budget.
[[nodiscard]] Buffer uefi_unpack(UefiPacking packing, ConstBytes body, UefiBudget& budget);

}  // namespace romwright::images
