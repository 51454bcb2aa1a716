// SPDX-License-Identifier: GPL-2.0-or-later
// The GbE region: the non-volatile memory of Intel's network controllers, in two parts. Source:
// Intel's 82579, I217 and I219 data sheets (NVM map).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"

namespace romwright::images {

using Mac = std::array<std::uint8_t, 6>;

/// "00:1f:16:12:34:56"
[[nodiscard]] std::string to_string(const Mac& mac);

/// Returns random bits; injected, so that tests know them.
using RandomByte = std::function<std::uint8_t()>;
/// The system's source of random bytes.
[[nodiscard]] RandomByte system_random();

/// A MAC from six pairs of nibbles with ':' between; `x`, `X` and `?` are random. A first octet
/// with a random second nibble becomes a locally administered unicast one. Throws UsageError for
/// another form, a multicast or an all-zero address.
Mac make_mac(std::string_view pattern, const RandomByte& random);

/// One of the two parts.
struct GbePart {
  std::uint64_t offset = 0;      ///< in the region
  bool checksum_valid = false;   ///< words 0 to 63 add up to 0xbaba
  bool signature_valid = false;  ///< word 0x13, bits 15:14 are 10b: the hardware takes this part
  Mac mac{};
  std::uint16_t device_id = 0;  ///< PCI, word 13
  bool blank = false;
};

/// Reads a region in place.
class GbeView {
 public:
  /// Throws ImageError for a size other than 8, 16 or 128 KiB (two parts of 4, 8 or 64 KiB).
  explicit GbeView(ConstBytes region);

  [[nodiscard]] const std::array<GbePart, 2>& parts() const noexcept { return parts_; }
  /// The MAC of the part that the hardware takes, if its checksum is right; else of the other one.
  [[nodiscard]] std::optional<Mac> mac() const;
  /// Wrong checksums, parts that differ in their MAC, a blank region.
  [[nodiscard]] Problems check() const;

 private:
  std::array<GbePart, 2> parts_;
};

/// Sets the MAC in every part whose checksum is right, and its checksum again. What a part lacked
/// is reported, never silently skipped. Throws ImageError where no part is sound.
Problems set_gbe_mac(Bytes region, const Mac& mac);

}  // namespace romwright::images
