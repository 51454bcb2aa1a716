// SPDX-License-Identifier: GPL-2.0-or-later
// What a whole flash image, a dump of a chip or a release's ROM, holds as it may have been
// inserted.
#pragma once

#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// True for what may be an image by its size: whole pages of 4 KiB, 64 KiB to 64 MiB.
[[nodiscard]] bool has_image_size(std::uint64_t size) noexcept;

/// The regions that the descriptor of `image` names and the files of its CBFS that are not
/// compressed. A region that ends with blank space also comes as what lies before it, up to the
/// next page and the one after that: the file that was inserted is shorter. Damaged structures hold
/// nothing.
[[nodiscard]] ExtractedFiles image_parts(const ExtractedFile& image);

}  // namespace romwright::vendor
