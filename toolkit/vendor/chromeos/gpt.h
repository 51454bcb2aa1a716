// SPDX-License-Identifier: GPL-2.0-or-later
// The partitions of a disk image, by its GUID partition table.
#pragma once

#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::vendor {

struct GptPartition {
  std::string name;  ///< characters that are not ASCII read '?'
  Range range;       ///< in the image, whole sectors of 512 bytes
};

/// True where sector 1 or the last one begins as the header of a table does.
[[nodiscard]] bool has_gpt(ConstBytes disk);

/// The partitions of `disk` that are in use, in the order of the table; where the header or the
/// table at the start is damaged, those of the backup at the end. Throws ImageError "GPT: ..."
/// where neither is sound, and for a partition that leaves the image. Source: UEFI specification,
/// chapter 5.
[[nodiscard]] std::vector<GptPartition> read_gpt(ConstBytes disk);

}  // namespace romwright::vendor
