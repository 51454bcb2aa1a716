// SPDX-License-Identifier: GPL-2.0-or-later
// GUIDs of UEFI: 16 bytes, and the text with its first three fields in little-endian order.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::images {

struct UefiGuid {
  std::array<std::uint8_t, 16> bytes{};  ///< as they lie in the image

  /// The 16 bytes at `offset`. Throws ImageError where they are not there.
  static UefiGuid at(ConstBytes from, std::uint64_t offset);
  /// From "8C8CE578-8A3D-4F1C-9935-896185C32DD3", in letters of either case; nothing for another
  /// text.
  static std::optional<UefiGuid> parse(std::string_view text) noexcept;

  friend auto operator<=>(const UefiGuid&, const UefiGuid&) = default;
};

/// In capitals, as UEFITool writes it.
[[nodiscard]] std::string to_string(const UefiGuid& guid);

/// A GUID that the source spells, checked when it is compiled.
consteval UefiGuid uefi_guid(const char (&text)[37]) {
  constexpr std::uint8_t order[16] = {6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34};
  UefiGuid guid;
  for (std::size_t i = 0; i < 16; ++i) {
    std::uint8_t value = 0;
    for (std::size_t j = 0; j < 2; ++j) {
      const char digit = text[order[i] + j];
      value = static_cast<std::uint8_t>(value << 4 |
                                        (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10));
    }
    guid.bytes[i] = value;
  }
  return guid;
}

}  // namespace romwright::images
