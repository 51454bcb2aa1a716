// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me7_update.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "toolkit/images/formats/me_clean/me_clean.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "ME 7 update";
/// Where the partition lies in the region that its Huffman table was made for, and its size.
constexpr std::uint32_t code_offset = 0xcc000, code_size = 0x76000;

/// The start of a region with one partition, FTPR: the bypass vector, the table's header and entry.
constexpr std::array<std::uint8_t, 0x50> region_start = {
    0x20, 0x20, 0x80, 0x0f, 0x40, 0x00, 0x00, 0x10, 0,    0,    0,    0,    0,    0,    0,    0,  //
    '$',  'F',  'P',  'T',  1,    0,    0,    0,    0x20, 0x10, 0x30, 0,    7,    0,    100,  0,  //
    0x20, 0,    0,    0,    0x00, 0xfc, 0xff, 0xff, 0,    0,    0,    0,    0,    0,    0,    0,  //
    'F',  'T',  'P',  'R',  0xff, 0xff, 0xff, 0xff, 0x00, 0xc0, 0x0c, 0x00, 0x00, 0x60, 0x07, 0,  //
    1,    0,    0,    0,    1,    0,    0,    0,    0,    0,    0,    0,    0x80, 0x27, 0,    0};

}  // namespace

Buffer region_of_me7_update(ConstBytes update) {
  constexpr std::size_t version_at = 0x24, tag_at = 0x1c;
  const ConstBytes code = slice(update, {0, code_size}, what);
  if (!std::ranges::equal(code.subspan(tag_at, 4), as_bytes("$MN2")))
    throw ImageError(fmt::format("{}: it does not begin with a manifest ($MN2)", what));
  if (const unsigned major = load_le<std::uint16_t>(code, version_at); major != 7)
    throw ImageError(fmt::format("{}: version {}", what, major), "only those of ME 7 are known");
  Buffer region(code_offset + code_size, 0xff);
  std::ranges::copy(region_start, region.begin());
  std::ranges::copy(code, region.begin() + code_offset);
  MeCleaning cleaning = within(
      what, [&] { return clean_me(std::move(region), {.relocate = true, .truncate = true}); });
  if (cleaning.failure) {
    cleaning.failure->within(what);
    throw *cleaning.failure;
  }
  if (cleaning.modules_skipped)
    throw ImageError(fmt::format("{}: its modules are not listed as they should be", what));
  // The update has nothing behind the partition that the spare blocks could be taken from.
  const std::uint64_t whole = *cleaning.code_offset + code_size;
  if (cleaning.image.size() > whole) cleaning.image.resize(static_cast<std::size_t>(whole));
  return std::move(cleaning.image);
}

}  // namespace romwright::images
