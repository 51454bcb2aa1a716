// SPDX-License-Identifier: GPL-2.0-or-later
// Flash descriptors that tell what the host may read and write, for modelled chipsets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/intel_descriptor.h"

namespace romwright::test {

/// A region of the descriptor, and what the host may do with it.
struct MadeRegion {
  unsigned index;
  Range range;
  bool readable = true, writable = true;
};

/// Writes a flash descriptor for chips of `sizes` into the first 4 KiB.
inline void put_descriptor(Bytes content, DescriptorVersion version,
                           const std::vector<std::uint64_t>& sizes,
                           const std::vector<MadeRegion>& regions) {
  std::fill_n(content.begin(), 0x1000, std::uint8_t{0xff});
  store_le<std::uint32_t>(content, 0x10, 0x0ff0a55a);
  store_le<std::uint32_t>(content, 0x14,
                          0x00040003U | static_cast<std::uint32_t>(sizes.size() - 1) << 8);
  store_le<std::uint32_t>(content, 0x18, 0x00000008);
  std::uint32_t component = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::uint32_t density = 0;
    while ((std::uint64_t{512U << 10} << density) < sizes[i]) ++density;
    component |= density << ((version == DescriptorVersion::v1 ? 3 : 4) * i);
  }
  store_le<std::uint32_t>(content, 0x30, component);
  std::uint32_t master = 0;
  const unsigned read_from = version == DescriptorVersion::v1 ? 16 : 8;
  const unsigned write_from = version == DescriptorVersion::v1 ? 24 : 20;
  for (unsigned i = 0; i < 12; ++i)
    store_le<std::uint32_t>(
        content, 0x40 + 4 * i,
        i < 5 || version == DescriptorVersion::v2 ? encode_region({}) : 0xffffffffU);
  for (const MadeRegion& region : regions) {
    store_le<std::uint32_t>(content, 0x40 + 4 * region.index, encode_region(region.range));
    if (region.readable) master |= 1U << (read_from + region.index);
    if (region.writable) master |= 1U << (write_from + region.index);
  }
  store_le<std::uint32_t>(content, 0x80, master);
}

}  // namespace romwright::test
