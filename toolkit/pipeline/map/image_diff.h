// SPDX-License-Identifier: GPL-2.0-or-later
// How two images differ: by region, by CBFS file, by erase block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/pipeline/inspection.h"

namespace romwright::pipeline {

enum class Change {
  same,
  changed,      ///< other content
  moved,        ///< the same content in another place
  only_first,   ///< the second image has none
  only_second,  ///< the first image has none
};

/// "same", "changed", "moved", "only in the first", "only in the second".
[[nodiscard]] std::string_view to_string(Change change);

/// A region, or a CBFS file, in either image or both.
struct PartDifference {
  std::string source;  ///< "ifd", "fmap", "cbfs"
  std::string name;
  std::optional<Range> first, second;  ///< where it lies in each
  Change change = Change::same;
  std::uint64_t differing_bytes = 0;  ///< of the contents one on the other; a longer rest counts
};

/// One way to divide the images into blocks.
struct BlockDifference {
  std::uint64_t block_size = 0;
  std::uint64_t blocks = 0;   ///< of the larger image
  std::uint64_t changed = 0;  ///< of them
  std::vector<Range> runs;    ///< the changed ones in bytes, neighbours joined, ascending
};

struct ImageDiff {
  std::uint64_t first_size = 0, second_size = 0;
  std::uint64_t differing_bytes = 0;  ///< what only the longer image has counts
  std::vector<PartDifference> regions, files;
  std::vector<BlockDifference> blocks;  ///< of 4 KiB, of 64 KiB

  [[nodiscard]] bool identical() const noexcept { return differing_bytes == 0; }
};

/// How many bytes of `first` and `second`, one on the other, differ; what is longer differs.
[[nodiscard]] std::uint64_t differing_bytes(ConstBytes first, ConstBytes second) noexcept;

/// Compares two images. Parts are the same by source and name; of several of one name, the first
/// is compared with the first, and so on.
ImageDiff diff_images(ConstBytes first, const Inspection& first_found, ConstBytes second,
                      const Inspection& second_found);

}  // namespace romwright::pipeline
