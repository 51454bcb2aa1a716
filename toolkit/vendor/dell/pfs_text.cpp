// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/pfs_text.h"

#include <algorithm>

namespace romwright::vendor {

namespace {

constexpr std::string_view end_mark = ",END";
constexpr std::string_view vendor_line = "VendorName=Dell";
constexpr std::string_view xml_start = "<Rimm x-schema=\"";

bool contains(ConstBytes bytes, std::string_view text) {
  return find_bytes(bytes, as_bytes(text)).has_value();
}

Content lines_of(ConstBytes text, std::size_t size) {
  Buffer lines(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
  std::ranges::replace(lines, std::uint8_t{';'}, std::uint8_t{'\n'});
  return Content(std::move(lines));
}

}  // namespace

std::string pfs_safe_name(std::string_view name) {
  std::string safe;
  bool replaced = false;
  for (const char c : name) {
    const bool unsafe = static_cast<unsigned char>(c) < 0x20 ||
                        std::string_view("\\/:*?\"<>|").find(c) != std::string_view::npos;
    if (!unsafe)
      safe += c;
    else if (!replaced)
      safe += '_';
    replaced = unsafe;
  }
  return safe;
}

const char* pfs_text(Content& content) {
  const ConstBytes bytes = content.bytes();
  constexpr std::size_t tail = 8, head = 0x50;
  if (contains(bytes.last(std::min(tail, bytes.size())), end_mark)) {
    content = lines_of(bytes, *find_bytes(bytes, as_bytes(end_mark)));
    return ".txt";
  }
  if (bytes.size() >= vendor_line.size() &&
      std::ranges::equal(bytes.first(vendor_line.size()), as_bytes(vendor_line))) {
    content =
        lines_of(bytes, static_cast<std::size_t>(std::ranges::find(bytes, 0) - bytes.begin()));
    return ".txt";
  }
  return contains(bytes.first(std::min(head, bytes.size())), xml_start) ? ".xml" : ".bin";
}

}  // namespace romwright::vendor
