// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/kbc1126.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t table_before_end = 0x100;
constexpr std::uint64_t table_size = 8;
constexpr std::uint64_t header_size = 4;          // length and checksum
constexpr std::uint64_t window_size = 0x1000000;  // the top 16 MiB of the address space

/// An address by two bytes, the higher one first, and their complements.
std::uint64_t read_pointer(ConstBytes entry, std::uint64_t image_size) {
  const auto is_complement = [&](std::size_t at) { return (entry[at] ^ entry[at + 2]) == 0xff; };
  if (!is_complement(0) || !is_complement(1))
    throw ImageError(fmt::format("no pointer but {}", to_hex(entry)),
                     "the image has no firmware for a KBC1126");
  const std::uint64_t before_end =
      window_size - (std::uint64_t{load_be<std::uint16_t>(entry)} << 8);
  if (before_end > image_size)
    throw ImageError(
        fmt::format("points {:#x} bytes before the end of {:#x} bytes", before_end, image_size));
  return image_size - before_end;
}

Range read_part(ConstBytes image, std::uint64_t at) {
  const ConstBytes header = slice(image, {at, header_size}, "header");
  const std::uint64_t length = load_le<std::uint16_t>(header);
  const std::uint16_t expected = load_le<std::uint16_t>(header, 2);
  if (length == 0) throw ImageError("is empty");
  std::uint16_t sum = 0;
  for (const std::uint8_t byte : slice(image, {at + header_size, length}, "content"))
    sum = static_cast<std::uint16_t>(sum + byte);
  if (sum != expected)
    throw ImageError(fmt::format("has the checksum {:#06x} instead of {:#06x}", sum, expected));
  return {at, header_size + length};
}

}  // namespace

Kbc1126Firmware read_kbc1126(ConstBytes image) {
  if (image.size() < table_before_end)
    throw ImageError(fmt::format("{} are no flash image", human_size(image.size())));
  const std::uint64_t table_at = image.size() - table_before_end;
  const ConstBytes table = slice(image, {table_at, table_size}, "EC firmware table");
  Kbc1126Firmware firmware;
  for (std::size_t i = 0; i < firmware.parts.size(); ++i) {
    const std::uint64_t at = within(fmt::format("EC firmware table at {:#x}", table_at), [&] {
      return read_pointer(table.subspan(4 * i, 4), image.size());
    });
    firmware.parts[i] = within(fmt::format("EC firmware {} at {:#x}", i + 1, at),
                               [&] { return read_part(image, at); });
  }
  return firmware;
}

}  // namespace romwright::images
