// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/coreboot_id.h"

#include <algorithm>

namespace romwright::images {
namespace {

constexpr std::size_t longest = 64;

/// The text `back` bytes before the end: printable, and ended by a zero.
std::optional<std::string> text_before_end(ConstBytes tail, std::uint32_t back) {
  if (back == 0 || back > tail.size()) return std::nullopt;
  const ConstBytes from = tail.last(back);
  const auto end = std::ranges::find(from, std::uint8_t{0});
  if (end == from.end()) return std::nullopt;
  const std::string text(from.begin(), end);
  const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (text.empty() || text.size() > longest || !printable) return std::nullopt;
  return text;
}

}  // namespace

std::optional<CorebootId> find_coreboot_id(ConstBytes image, std::uint64_t image_size) {
  const ConstBytes tail = image.last(std::min(image.size(), coreboot_id_reach));
  for (const std::size_t back : {std::size_t{0x10}, std::size_t{0x80}}) {
    if (tail.size() < back + 12) continue;
    const std::size_t at = tail.size() - back - 12;
    const std::uint32_t size = load_le<std::uint32_t>(tail, at + 8);
    if (size == 0 || size % 1024 != 0 || size > image_size) continue;
    auto vendor = text_before_end(tail, load_le<std::uint32_t>(tail, at));
    auto part = text_before_end(tail, load_le<std::uint32_t>(tail, at + 4));
    if (vendor && part) return CorebootId{std::move(*vendor), std::move(*part)};
  }
  return std::nullopt;
}

}  // namespace romwright::images
