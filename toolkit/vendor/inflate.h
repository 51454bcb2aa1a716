// SPDX-License-Identifier: GPL-2.0-or-later
// Deflated data in a larger file: zlib and gzip streams, by zlib.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::vendor {

/// The content of the zlib or gzip stream at the start of `stored`; what follows it is not looked
/// at. Throws ImageError for damaged or missing data, and for more than `limit` bytes.
[[nodiscard]] Buffer inflate_stream(ConstBytes stored, std::uint64_t limit);

}  // namespace romwright::vendor
