// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/bytes.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright {

namespace {

void check_bounds(std::uint64_t size, Range range, std::string_view what) {
  if (!Range{0, size}.contains(range))
    throw ImageError(fmt::format("{}: {} lies outside {:#x} bytes", what, to_string(range), size));
}

}  // namespace

ConstBytes slice(ConstBytes whole, Range range, std::string_view what) {
  check_bounds(whole.size(), range, what);
  return whole.subspan(range.offset, range.size);
}

Bytes slice(Bytes whole, Range range, std::string_view what) {
  check_bounds(whole.size(), range, what);
  return whole.subspan(range.offset, range.size);
}

bool all_equal(ConstBytes bytes, std::uint8_t value) noexcept {
  // The first byte, and every byte equal to the one before it: memcmp does the latter at full
  // speed.
  return bytes.empty() ||
         (bytes[0] == value && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

std::optional<std::size_t> find_bytes(ConstBytes haystack, ConstBytes needle,
                                      std::size_t from) noexcept {
  if (needle.empty()) return from <= haystack.size() ? std::optional(from) : std::nullopt;
  // Images are blank for the most part: looking for the first byte alone skips that at full speed.
  while (from < haystack.size() && needle.size() <= haystack.size() - from) {
    const ConstBytes starts = haystack.subspan(from, haystack.size() - from - needle.size() + 1);
    const void* hit = std::memchr(starts.data(), needle[0], starts.size());
    if (hit == nullptr) break;
    from += static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - starts.data());
    if (std::memcmp(&haystack[from], needle.data(), needle.size()) == 0) return from;
    ++from;
  }
  return std::nullopt;
}

ConstBytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string c_string(ConstBytes bytes) {
  const auto end = std::find(bytes.begin(), bytes.end(), 0);
  return {bytes.begin(), end};
}

std::string to_hex(ConstBytes bytes) { return fmt::format("{:02x}", fmt::join(bytes, "")); }

std::string human_size(std::uint64_t size) {
  if (size != 0 && size % (1U << 20) == 0) return fmt::format("{} MiB", size >> 20);
  if (size != 0 && size % (1U << 10) == 0) return fmt::format("{} KiB", size >> 10);
  std::string digits = fmt::format("{}", size);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, " ");
  }
  return digits + (size == 1 ? " byte" : " bytes");
}

std::string rounded_size(std::uint64_t size) {
  const std::uint64_t mebibytes = size >> 20;
  if (mebibytes < 1024) return fmt::format("{} MiB", mebibytes);
  return fmt::format("{}.{} GiB", mebibytes >> 10, mebibytes % 1024 * 10 / 1024);
}

}  // namespace romwright
