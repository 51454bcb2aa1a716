// SPDX-License-Identifier: GPL-2.0-or-later
// Moves the code partition to the start of its region.
#pragma once

#include <cstdint>
#include <optional>

#include "toolkit/images/formats/me_clean/me_window.h"

namespace romwright::images {

/// Moves the partition of the first table entry to 0x400, or as far behind as its Huffman table's
/// addresses need; that table, at `huffman_table` from the partition's start, is adjusted. Returns
/// where it lies now. Throws ImageError for a table that cannot be adjusted, and a partition that
/// leaves the region.
std::uint64_t relocate_first_partition(MeWindow& region,
                                       std::optional<std::uint64_t> huffman_table);

}  // namespace romwright::images
