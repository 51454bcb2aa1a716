// SPDX-License-Identifier: GPL-2.0-or-later
// What the entries of a PFS volume are, and are called.
#include <algorithm>
#include <string_view>

#include "toolkit/vendor/dell/pfs_volume.h"

namespace romwright::vendor {

namespace {

/// The bytes of a GUID that is written as one little-endian number.
consteval PfsGuid guid_of(std::string_view digits) {
  PfsGuid guid{};
  for (std::size_t i = 0; i < guid.size(); ++i) {
    std::uint8_t value = 0;
    for (const char digit : digits.substr(2 * (guid.size() - 1 - i), 2))
      value =
          static_cast<std::uint8_t>(value << 4 | (digit <= '9' ? digit - '0' : digit - 'A' + 10));
    guid[i] = value;
  }
  return guid;
}

constexpr PfsGuid names_guids[] = {guid_of("E0717CE3A9BB25824B9F0DC8FD041960"),
                                   guid_of("B033CB16EC9B45A14055F80E4D583FD3")};
constexpr PfsGuid model_guid = guid_of("6F1D619A22A6CB924FD4DA68233AE3FB");
constexpr PfsGuid signatures_guid = guid_of("D086AFEE3ADBAEA94D5CED583C880BB7");

/// UTF-16 as UTF-8, without blanks at both ends; what is beyond the first plane becomes '?'.
std::string text_of(ConstBytes units) {
  std::string text;
  for (std::size_t at = 0; units.size() - at >= 2; at += 2) {
    const std::uint16_t unit = load_le<std::uint16_t>(units, at);
    if (unit == 0 || unit == 0xfeff) continue;
    if (unit < 0x80) {
      text += static_cast<char>(unit);
    } else if (unit < 0x800) {
      text += static_cast<char>(0xc0 | unit >> 6);
      text += static_cast<char>(0x80 | (unit & 0x3f));
    } else if (unit >= 0xd800 && unit < 0xe000) {
      text += '?';
    } else {
      text += static_cast<char>(0xe0 | unit >> 12);
      text += static_cast<char>(0x80 | (unit >> 6 & 0x3f));
      text += static_cast<char>(0x80 | (unit & 0x3f));
    }
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

PfsRole pfs_role(const PfsGuid& guid) noexcept {
  if (std::ranges::find(names_guids, guid) != std::end(names_guids)) return PfsRole::names;
  if (guid == model_guid) return PfsRole::model;
  if (guid == signatures_guid) return PfsRole::signatures;
  return PfsRole::component;
}

std::vector<PfsName> read_pfs_names(ConstBytes data) {
  // Version 1, GUID, four numbers and their kinds, length in characters; text and two bytes more.
  constexpr std::size_t header_size = 0x22;
  std::vector<PfsName> names;
  while (data.size() >= header_size && load_le<std::uint32_t>(data) == 1) {
    PfsName& name = names.emplace_back();
    std::ranges::copy(data.subspan(4, 16), name.guid.begin());
    name.version = pfs_version(data.subspan(0x14, 8), data.subspan(0x1c, 4));
    const std::size_t size = std::size_t{2} * load_le<std::uint16_t>(data, 0x20);
    const ConstBytes rest = data.subspan(header_size);
    name.name = text_of(rest.first(std::min(size, rest.size())));
    data = rest.subspan(std::min(size + 2, rest.size()));
  }
  return names;
}

}  // namespace romwright::vendor
