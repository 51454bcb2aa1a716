// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/scalars.h"

#include <charconv>
#include <limits>
#include <utility>

namespace romwright::manifests {

namespace {

/// Removes the unit from the end of `text`; the bits to shift by.
int take_unit(std::string_view& text) {
  constexpr std::pair<std::string_view, int> units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
  for (const auto& [unit, shift] : units) {
    if (!text.ends_with(unit)) continue;
    text.remove_suffix(unit.size());
    return shift;
  }
  return 0;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const int shift = take_unit(text);
  int base = 10;
  if (text.starts_with("0x")) {
    text.remove_prefix(2);
    base = 16;
  } else if (text.size() > 1 && text.front() == '0') {
    return std::nullopt;  // octal to some, decimal to others
  }
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (value > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return value << shift;
}

std::optional<std::int64_t> parse_offset(std::string_view text) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::optional<std::uint64_t> size = parse_size(text);
  if (!size || *size > most) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*size);
  return negative ? -value : value;
}

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos) return std::nullopt;
  const auto offset = parse_size(text.substr(0, plus));
  const auto size = parse_size(text.substr(plus + 1));
  if (!offset || !size || *size > std::numeric_limits<std::uint64_t>::max() - *offset)
    return std::nullopt;
  return Range{*offset, *size};
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

}  // namespace romwright::manifests
