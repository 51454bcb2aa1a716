// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/prefix_code.h"

#include "flash/base/error.h"

namespace romwright::images {

PrefixCode PrefixCode::constant(std::uint16_t symbol) {
  PrefixCode code;
  code.constant_ = true;
  code.symbols_ = {symbol};
  return code;
}

PrefixCode::PrefixCode(std::span<const std::uint8_t> lengths) {
  std::array<std::uint32_t, longest + 1> count{};
  for (const std::uint8_t length : lengths) {
    if (length > longest) throw ImageError("a prefix code is longer than 16 bits");
    ++count[length];
  }
  std::uint32_t code = 0, place = 0;
  for (unsigned length = 1; length <= longest; ++length) {
    begin_[length] = code;
    first_[length] = place;
    code += count[length] << (longest - length);
    place += count[length];
    end_[length] = code;
  }
  // No symbol at all is allowed as long as none is read.
  if (code != 1U << longest && place != 0) throw ImageError("a prefix code is not complete");
  symbols_.resize(place);
  std::array<std::uint32_t, longest + 1> next = first_;
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
    if (lengths[symbol] != 0)
      symbols_[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
}

std::uint16_t PrefixCode::read(BitReader& bits) const {
  if (constant_) return symbols_.front();
  const std::uint32_t window = bits.peek16();
  for (unsigned length = 1; length <= longest; ++length) {
    if (window >= end_[length]) continue;
    bits.skip(length);
    return symbols_[first_[length] + ((window - begin_[length]) >> (longest - length))];
  }
  throw ImageError("no prefix code begins like this");
}

}  // namespace romwright::images
