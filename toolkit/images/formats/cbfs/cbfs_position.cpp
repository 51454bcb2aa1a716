// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_position.h"

#include <charconv>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t top_of_memory = 1ULL << 32;
constexpr std::uint64_t lowest_address = 1ULL << 31;

}  // namespace

CbfsPosition CbfsPosition::region_offset(std::uint64_t offset) {
  return {Kind::region_offset, offset};
}

CbfsPosition CbfsPosition::from_end(std::uint64_t bytes) { return {Kind::from_end, bytes}; }

CbfsPosition CbfsPosition::address(std::uint64_t address) { return {Kind::address, address}; }

CbfsPosition CbfsPosition::offset(std::int64_t offset) {
  if (offset >= 0) return region_offset(static_cast<std::uint64_t>(offset));
  return from_end(0 - static_cast<std::uint64_t>(offset));
}

CbfsPosition CbfsPosition::parse(std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || (negative && value == 0))
    throw UsageError(fmt::format("position {}: is no offset or address", text),
                     "as 0x1000 from the start of CBFS, -0x208000 from its end, or the "
                     "address 0xfffa0000");
  if (negative) return from_end(value);
  return value >= lowest_address ? address(value) : region_offset(value);
}

std::uint64_t CbfsPosition::resolve(std::uint64_t image_size, const Range& region) const {
  const auto outside = [&](std::string_view why) {
    return ImageError(fmt::format("position {}: {}", to_string(*this), why));
  };
  std::uint64_t at = 0;
  switch (kind_) {
    case Kind::region_offset:
      if (value_ >= region.size)
        throw outside(fmt::format("lies beyond the CBFS of {:#x} bytes", region.size));
      at = region.offset + value_;
      break;
    case Kind::from_end:
      if (value_ > region.size)
        throw outside(fmt::format("lies before the CBFS of {:#x} bytes", region.size));
      at = region.end() - value_;
      break;
    case Kind::address:
      if (value_ < lowest_address || value_ >= top_of_memory)
        throw outside("is no address between 2 and 4 GiB");
      if (top_of_memory - value_ > image_size)
        throw outside(fmt::format("lies below the image, which begins at address {:#x}",
                                  top_of_memory - image_size));
      at = image_size - (top_of_memory - value_);
      break;
  }
  if (!region.contains(at))
    throw outside(fmt::format("is offset {:#x} in the image, outside the CBFS at {}", at,
                              romwright::to_string(region)));
  return at;
}

std::string to_string(const CbfsPosition& position) {
  return fmt::format("{}{:#x}", position.kind() == CbfsPosition::Kind::from_end ? "-" : "",
                     position.value());
}

}  // namespace romwright::images
