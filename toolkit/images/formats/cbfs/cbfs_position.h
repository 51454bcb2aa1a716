// SPDX-License-Identifier: GPL-2.0-or-later
// Where the content of a CBFS file is to lie: from the region's start, the image's end, or by
// address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "flash/base/range.h"

namespace romwright::images {

/// The three ways in which cbfstool's -b is understood.
class CbfsPosition {
 public:
  enum class Kind : std::uint8_t { region_offset, from_end, address };

  /// Bytes from the start of the CBFS region.
  static CbfsPosition region_offset(std::uint64_t offset);
  /// Bytes before the end of the CBFS region (on x86 mostly the image's end too); not 0.
  static CbfsPosition from_end(std::uint64_t bytes);
  /// A memory address: the image ends at 4 GiB, of which the upper 2 GiB count.
  static CbfsPosition address(std::uint64_t address);
  /// A positive offset is in the region, a negative one counts from the end.
  static CbfsPosition offset(std::int64_t offset);
  /// "0x1000", "-0x208000" or, at least 0x80000000, "0xfffa0000". Throws UsageError.
  static CbfsPosition parse(std::string_view text);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
  /// The offset in an image of `image_size` bytes with its CBFS at `region`. Throws ImageError
  /// where that lies outside the region, or the address is not one of the image's.
  [[nodiscard]] std::uint64_t resolve(std::uint64_t image_size, const Range& region) const;

  friend bool operator==(const CbfsPosition&, const CbfsPosition&) = default;

 private:
  CbfsPosition(Kind kind, std::uint64_t value) : kind_(kind), value_(value) {}
  Kind kind_;
  std::uint64_t value_;
};

/// As a manifest writes it: "0x1000", "-0x208000", "0xfffa0000".
[[nodiscard]] std::string to_string(const CbfsPosition& position);

}  // namespace romwright::images
