// SPDX-License-Identifier: GPL-2.0-or-later
// Where an image holds nothing: long runs of 0xff, as erased flash reads, or of 0x00.
#pragma once

#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::pipeline {

struct BlankRun {
  Range range;
  std::uint8_t value = 0xff;  ///< 0xff or 0x00
  friend bool operator==(const BlankRun&, const BlankRun&) = default;
};

/// Every run of at least `least` bytes (2 or more), ascending, each as long as it is.
[[nodiscard]] std::vector<BlankRun> blank_runs(ConstBytes image, std::uint64_t least);

/// The runs of at least 4 KiB; where they are more than `most`, the longer ones: the least length
/// is doubled until they are not.
[[nodiscard]] std::vector<BlankRun> main_blank_runs(ConstBytes image, std::size_t most);

}  // namespace romwright::pipeline
