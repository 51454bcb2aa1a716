// SPDX-License-Identifier: GPL-2.0-or-later
// Flash images with firmware for HP's embedded controllers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::test {

struct EcPart {
  std::size_t offset = 0;  ///< in the image, a multiple of 0x100
  Buffer payload;
};

/// `size` bytes of 0xff with both parts, and the table that points to them.
inline Buffer kbc1126_image(std::size_t size, const EcPart& first, const EcPart& second) {
  Buffer image(size, 0xff);
  std::size_t entry = size - 0x100;
  for (const EcPart& part : {first, second}) {
    std::uint16_t sum = 0;
    for (const std::uint8_t byte : part.payload) sum = static_cast<std::uint16_t>(sum + byte);
    store_le(image, part.offset, static_cast<std::uint16_t>(part.payload.size()));
    store_le(image, part.offset + 2, sum);
    std::ranges::copy(part.payload, image.begin() + static_cast<std::ptrdiff_t>(part.offset) + 4);
    const auto pointer = static_cast<std::uint16_t>((0x1000000 - (size - part.offset)) >> 8);
    store_be(image, entry, pointer);
    store_be(image, entry + 2, static_cast<std::uint16_t>(~pointer));
    entry += 4;
  }
  return image;
}

}  // namespace romwright::test
