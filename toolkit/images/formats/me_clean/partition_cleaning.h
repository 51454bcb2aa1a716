// SPDX-License-Identifier: GPL-2.0-or-later
// Takes partitions out of a region and writes the table of those that stay.
#pragma once

#include <string>
#include <vector>

#include "toolkit/images/formats/me_clean/me_firmware.h"
#include "toolkit/images/formats/me_clean/me_report.h"

namespace romwright::images {

/// Which partitions stay: FTPR, and those named, or with `all_but` all but those named.
struct MePartitionChoice {
  std::vector<std::string> names;
  bool all_but = false;

  [[nodiscard]] bool keeps(const std::string& name) const;
};

/// What became of them.
struct MePartitions {
  std::vector<MePartitionFate> partitions;  ///< in the table's order
  std::uint64_t end = 0;                    ///< of what stays besides FTPR, 0 for nothing
};

/// The partitions as they are; those with data are kept.
std::vector<MePartitionFate> list_partitions(const MeWindow& region, const MeFirmware& firmware);

/// Fills what goes with 0xff, then writes the entries that stay from 0x30 on (only those with data
/// do), their count at 0x14, the EFFS flag at 0x24 and the checksum at 0x1b. These places are those
/// of a table at 0x10, as the region has it from ME 6 on. Throws ImageError for a partition that
/// leaves the region; those before it are gone then.
MePartitions clean_partitions(MeWindow& region, const MeFirmware& firmware,
                              const MePartitionChoice& choice);

}  // namespace romwright::images
