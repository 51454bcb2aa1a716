// SPDX-License-Identifier: GPL-2.0-or-later
// A half-open range of bytes in an image or on a chip.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace romwright {

/// Bytes [offset, offset + size). Half-open and 64-bit, so that no inclusive limit is off by one.
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  /// One past the last byte; saturates instead of wrapping, so a hostile range never looks small.
  [[nodiscard]] constexpr std::uint64_t end() const noexcept {
    return size > UINT64_MAX - offset ? UINT64_MAX : offset + size;
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return size == 0; }
  [[nodiscard]] constexpr bool contains(std::uint64_t at) const noexcept {
    return at >= offset && at - offset < size;
  }
  /// True when every byte of `inner` lies in this range; an empty range lies where its offset does.
  [[nodiscard]] constexpr bool contains(const Range& inner) const noexcept {
    return inner.offset >= offset && inner.offset - offset <= size &&
           inner.size <= size - (inner.offset - offset);
  }
  [[nodiscard]] constexpr bool overlaps(const Range& other) const noexcept {
    return size != 0 && other.size != 0 && offset < other.end() && other.offset < end();
  }
  /// What both share; an empty range at the larger offset when nothing is shared.
  [[nodiscard]] constexpr Range intersect(const Range& other) const noexcept {
    const std::uint64_t from = std::max(offset, other.offset);
    const std::uint64_t to = std::min(end(), other.end());
    return {from, to > from ? to - from : 0};
  }
  friend constexpr auto operator<=>(const Range&, const Range&) = default;
};

/// "0x1000+0x2000", as manifests and messages write a range.
std::string to_string(const Range& range);

}  // namespace romwright
