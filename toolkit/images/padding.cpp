// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/padding.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

Padding padding_of(ConstBytes image) noexcept {
  const std::uint64_t rest = image.size() % image_granularity;
  if (image.size() <= 1 || rest > 1) return Padding::wrong;
  if (rest == 0) return Padding::none;
  return image.back() == 0 ? Padding::byte : Padding::wrong;
}

bool remove_padding(Buffer& image, std::string_view what) {
  switch (padding_of(image)) {
    case Padding::none:
      return false;
    case Padding::byte:
      image.pop_back();
      return true;
    case Padding::wrong:
      break;
  }
  if (image.size() % image_granularity == 1 && image.size() > 1)
    throw ImageError(
        fmt::format("{}: the byte behind its {} is {:#04x}, where 0x00 pads an incomplete ROM",
                    what, human_size(image.size() - 1), image.back()),
        "get the release again");
  throw ImageError(
      fmt::format("{}: {} is not the size of an image", what, human_size(image.size())),
      "a flash chip holds a multiple of 4 KiB; is the file truncated?");
}

}  // namespace romwright::images
