// SPDX-License-Identifier: GPL-2.0-or-later
// FMAP: the flash map that coreboot and its relatives put into an image.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

/// One area; `range` is in the image.
struct FmapArea {
  static constexpr std::uint16_t flag_static = 1, flag_compressed = 2, flag_ro = 4,
                                 flag_preserve = 8;
  std::string name;
  Range range;
  std::uint16_t flags = 0;
  friend bool operator==(const FmapArea&, const FmapArea&) = default;
};

struct Fmap {
  Range where;             ///< the map itself, in the image
  std::uint64_t base = 0;  ///< the address that the image is meant for
  std::uint64_t size = 0;  ///< of the image, as the map says
  std::string name;
  std::vector<FmapArea> areas;  ///< in the map's order

  /// The first area of that name, or nullptr.
  [[nodiscard]] const FmapArea* area(std::string_view area_name) const;
  /// How many other areas enclose the area `index`; of equal ranges the earlier one is outside.
  [[nodiscard]] std::size_t depth(std::size_t index) const;
};

/// The image's map. A signature counts only with version 1.x, printable names, a size that is not
/// larger than the image, and areas (at most 256) inside that size: code that handles maps holds
/// the signature too. Throws ImageError where two valid maps differ.
std::optional<Fmap> find_fmap(ConstBytes image);

/// How many bytes the map takes whose first `fmap_header_size` bytes these are; nothing where they
/// are not a map's.
inline constexpr std::size_t fmap_header_size = 56;
std::optional<std::size_t> fmap_length(ConstBytes header);
/// The map that begins with `bytes` at `offset` of an image of `image_size` bytes, of which no more
/// is there; nothing where it is none that `find_fmap` would take.
std::optional<Fmap> parse_fmap(ConstBytes bytes, std::uint64_t offset, std::uint64_t image_size);

}  // namespace romwright::images
