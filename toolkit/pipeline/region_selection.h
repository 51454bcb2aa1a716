// SPDX-License-Identifier: GPL-2.0-or-later
// Which bytes a read, write, verify or erase is limited to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/range.h"
#include "toolkit/images/layout.h"

namespace romwright::pipeline {

/// Where region names come from, and which are meant.
struct RegionSelection {
  std::vector<std::string> names;  ///< --region; empty: the whole chip
  std::string layout_file;         ///< --layout: flashrom's layout file; empty: none
  bool ifd = false;                ///< --ifd: the chip's own flash descriptor
  bool fmap = false;               ///< --fmap: the chip's own FMAP

  /// True when the whole chip is meant.
  [[nodiscard]] bool everything() const { return names.empty(); }
};

/// Parses flashrom's layout file: a line a region, `START:END NAME`, hexadecimal, END inclusive; a
/// comment starts with '#'. Throws ImageError "FILE:LINE: ..." for every line that is wrong.
std::vector<images::Region> parse_layout_file(std::string_view text, const std::string& file);

/// "OFFSET+SIZE", as messages write it, or "START:END", END inclusive, both hexadecimal, as layout
/// files write it. Throws UsageError.
Range parse_range(std::string_view text);

/// The ranges of the named regions among `known`, ascending, those that touch joined. Throws
/// UsageError for an unknown region, with the nearest name, and RefusedError for one that leaves a
/// chip of `size` bytes.
std::vector<Range> select_regions(const RegionSelection& selection,
                                  std::span<const images::Region> known, std::uint64_t size);

}  // namespace romwright::pipeline
