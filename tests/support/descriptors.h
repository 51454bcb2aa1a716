// SPDX-License-Identifier: GPL-2.0-or-later
// Flash descriptors of the project's own making, one for each way that generations differ.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/intel_descriptor.h"

namespace romwright::test {

/// What tells a generation from another one in its map; offsets count from the image's start.
struct Generation {
  std::string_view platform;     ///< as ifdtool's -p names it; empty: guessed
  std::size_t signature;         ///< 0x10, or 0 before the 5 series
  std::uint32_t fmba;            ///< masters
  std::uint32_t flmap1, flmap2;  /// FLMAP1 without its masters' place
  std::uint32_t flumap1;
  unsigned density_bits;
  std::size_t me_disable;  ///< the dword with AltMeDisable, HAP or ICH_MeDisable
  std::uint32_t me_disable_mask;
};

inline constexpr std::uint32_t descriptor_components = 0x30, descriptor_regions = 0x40,
                               descriptor_straps = 0x100;

inline constexpr Generation ich9{"",         0x00, 0x60,  0x02100200, 0x00000120,
                                 0xffffffff, 3,    0x100, 1U << 0};
inline constexpr Generation series7{"",         0x10, 0x60,  0x12100200, 0x00210120,
                                    0x000018df, 3,    0x128, 1U << 7};
inline constexpr Generation series8{"",         0x10, 0x60,  0x15100200, 0x00210120,
                                    0x000018df, 4,    0x128, 1U << 7};
inline constexpr Generation series100{"sklkbl",   0x10, 0x80,  0x42100200, 0x00310330,
                                      0x000008df, 4,    0x100, 1U << 16};
inline constexpr Generation series300{"cnl",      0x10, 0x80,  0x46100200, 0x00340330,
                                      0xc0ff04df, 4,    0x100, 1U << 16};
inline constexpr Generation series600{"adl",      0x10, 0x80,  0x46100200, 0x0014035c,
                                      0xc0ff04df, 4,    0x100, 1U << 16};

using NumberedRegions = std::vector<std::pair<unsigned, Range>>;

/// Puts a descriptor at the start of `image` (at least 4 KiB, its first 4 KiB are overwritten):
/// those regions, chips of those densities (512 KiB << code), masters that may do everything that
/// they may do in the machines of the generation, straps of zeros.
inline void put_descriptor(Bytes image, const Generation& made, const NumberedRegions& regions,
                           const std::vector<std::uint32_t>& densities) {
  const Bytes fd = image.first(0x1000);
  for (std::uint8_t& byte : fd) byte = 0xff;
  const std::size_t map = made.signature;
  const bool v1 = made.fmba == 0x60;
  const auto put = [&](std::size_t at, std::uint32_t value) { store_le(fd, at, value); };
  put(map, 0x0ff0a55a);
  put(map + 4, descriptor_components >> 4 | descriptor_regions << 12 |
                   (static_cast<std::uint32_t>(densities.size()) - 1) << 8);
  put(map + 8, made.flmap1 | made.fmba >> 4);
  put(map + 12, made.flmap2);
  put(0xefc, made.flumap1);
  std::uint32_t flcomp = 0x09300000;
  for (std::size_t i = 0; i < 2; ++i)
    flcomp |= (i < densities.size()     ? densities[i]
               : made.density_bits == 4 ? 0xfU
                                        : 0U)
              << (i * made.density_bits);
  put(descriptor_components, flcomp);
  put(descriptor_components + 4, 0);
  put(descriptor_components + 8, 0);
  for (unsigned i = 0; i < (v1 ? 5U : 16U); ++i)
    put(descriptor_regions + 4 * i, v1 ? 0x1fffU : 0x7fffU);
  for (const auto& [index, range] : regions)
    put(descriptor_regions + 4 * index, encode_region(range));
  for (unsigned i = 0; i < (v1 ? 3U : 5U); ++i)
    put(made.fmba + 4 * i, !v1 ? 0x00200300 : i < 2 ? 0x0b0a0000 : 0x08080118);
  for (std::size_t at = descriptor_straps; at < 0x300; at += 4) put(at, 0);
}

}  // namespace romwright::test
