// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes in memory: spans, the one bounds check, loads and stores of either byte order.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/range.h"

namespace romwright {

using Bytes = std::span<std::uint8_t>;
using ConstBytes = std::span<const std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;

/// The part of `whole` that `range` names. The only bounds check of the project: throws ImageError
/// "WHAT: 0x..+0x.. lies outside 0x.. bytes".
ConstBytes slice(ConstBytes whole, Range range, std::string_view what);
Bytes slice(Bytes whole, Range range, std::string_view what);

/// Loads an unsigned integer at `offset`, which the caller has sliced to fit (asserted).
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_le(ConstBytes bytes, std::size_t offset = 0) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;)
    value = static_cast<T>((sizeof(T) > 1 ? value << 8 : 0) | bytes[offset + i]);
  return value;
}
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_be(ConstBytes bytes, std::size_t offset = 0) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>((sizeof(T) > 1 ? value << 8 : 0) | bytes[offset + i]);
  return value;
}
template <std::unsigned_integral T>
constexpr void store_le(Bytes bytes, std::size_t offset, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
}
template <std::unsigned_integral T>
constexpr void store_be(Bytes bytes, std::size_t offset, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
}

/// True when every byte is `value` (so for no bytes at all).
[[nodiscard]] bool all_equal(ConstBytes bytes, std::uint8_t value) noexcept;
/// Offset of the first `needle` at or after `from`.
[[nodiscard]] std::optional<std::size_t> find_bytes(ConstBytes haystack, ConstBytes needle,
                                                    std::size_t from = 0) noexcept;
/// The characters of `text` as bytes, without a NUL.
[[nodiscard]] ConstBytes as_bytes(std::string_view text) noexcept;
/// The bytes as characters, up to the first NUL.
[[nodiscard]] std::string c_string(ConstBytes bytes);
/// `value` rounded up to a multiple of `alignment` (not 0); saturates.
[[nodiscard]] constexpr std::uint64_t align_up(std::uint64_t value,
                                               std::uint64_t alignment) noexcept {
  const std::uint64_t rest = value % alignment;
  if (rest == 0) return value;
  return value > UINT64_MAX - (alignment - rest) ? UINT64_MAX : value + (alignment - rest);
}
[[nodiscard]] constexpr std::uint64_t align_down(std::uint64_t value,
                                                 std::uint64_t alignment) noexcept {
  return value - value % alignment;
}
/// Lower-case hexadecimal digits, two a byte.
[[nodiscard]] std::string to_hex(ConstBytes bytes);
/// "12 MiB", "64 KiB", "98 304 bytes": sizes as messages show them.
[[nodiscard]] std::string human_size(std::uint64_t size);
/// "66.9 GiB", "512 MiB", "0 MiB": what is so large that its last digits do not matter, rounded
/// down.
[[nodiscard]] std::string rounded_size(std::uint64_t size);

}  // namespace romwright
