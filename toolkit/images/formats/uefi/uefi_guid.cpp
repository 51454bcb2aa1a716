// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_guid.h"

#include <algorithm>

#include <fmt/format.h>

namespace romwright::images {
namespace {

constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
/// The byte that the nth pair of digits stands for.
constexpr std::uint8_t byte_order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

UefiGuid UefiGuid::at(ConstBytes from, std::uint64_t offset) {
  UefiGuid guid;
  std::ranges::copy(slice(from, {offset, guid.bytes.size()}, "GUID"), guid.bytes.begin());
  return guid;
}

std::optional<UefiGuid> UefiGuid::parse(std::string_view text) noexcept {
  if (text.size() != shape.size()) return std::nullopt;
  UefiGuid guid;
  unsigned digits = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '-') {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = digit_of(text[i]);
    if (digit < 0) return std::nullopt;
    std::uint8_t& byte = guid.bytes[byte_order[digits++ / 2]];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
  }
  return guid;
}

std::string to_string(const UefiGuid& guid) {
  std::string text;
  unsigned pair = 0;
  for (std::size_t i = 0; i < shape.size();) {
    if (shape[i] == '-') {
      text += '-';
      ++i;
      continue;
    }
    text += fmt::format("{:02X}", guid.bytes[byte_order[pair++]]);
    i += 2;
  }
  return text;
}

}  // namespace romwright::images
