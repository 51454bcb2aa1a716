// SPDX-License-Identifier: GPL-2.0-or-later
// Sources: PKWARE's APPNOTE.TXT 4.3.16; 7-Zip's 7zFormat.txt, "Signature Header"; Microsoft's
// [MS-CAB] 2.1, CFHEADER.
#include "toolkit/vendor/archive_extent.h"

#include <algorithm>
#include <string_view>

namespace romwright::vendor {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t zip_end_size = 22;
constexpr std::uint64_t zip64_locator_size = 20;

bool has(ConstBytes bytes, std::uint64_t offset, std::string_view text) {
  return offset <= bytes.size() && bytes.size() - offset >= text.size() &&
         std::ranges::equal(bytes.subspan(static_cast<std::size_t>(offset), text.size()),
                            as_bytes(text));
}

/// Whether the directory, or what tells of a larger one, lies right before the record at `at`.
bool is_zip_end(ConstBytes bytes, std::uint64_t at) {
  if (bytes.size() - at < zip_end_size) return false;
  const ConstBytes record = bytes.subspan(static_cast<std::size_t>(at), zip_end_size);
  if (at >= zip64_locator_size && has(bytes, at - zip64_locator_size, "PK\x06\x07"sv)) return true;
  const std::uint64_t size = load_le<std::uint32_t>(record, 12);
  if (load_le<std::uint16_t>(record, 10) == 0) return size == 0;
  return size <= at && has(bytes, at - size, "PK\x01\x02"sv);
}

}  // namespace

std::optional<std::uint64_t> find_zip_end(ConstBytes bytes, std::uint64_t behind) {
  const std::uint64_t first = bytes.size() - std::min<std::uint64_t>(behind, bytes.size());
  const ConstBytes tail = bytes.subspan(static_cast<std::size_t>(first));
  const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
  for (auto at = text.rfind("PK\x05\x06"sv); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : text.rfind("PK\x05\x06"sv, at - 1))
    if (is_zip_end(bytes, first + at)) return first + at + zip_end_size;
  return std::nullopt;
}

std::uint64_t archive_size(ConstBytes bytes, ContainerKind kind) {
  const std::uint64_t all = bytes.size();
  switch (kind) {
    case ContainerKind::zip:
      return find_zip_end(bytes, all).value_or(all);
    case ContainerKind::seven_zip: {
      constexpr std::uint64_t header = 32;
      if (all < header) return all;
      const auto offset = load_le<std::uint64_t>(bytes, 12),
                 size = load_le<std::uint64_t>(bytes, 20);
      if (offset > all - header || size > all - header - offset) return all;
      return header + offset + size;
    }
    case ContainerKind::cab:
      return all < 12 ? all : std::clamp<std::uint64_t>(load_le<std::uint32_t>(bytes, 8), 12, all);
    default:
      return all;
  }
}

}  // namespace romwright::vendor
