// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a CBFS: refused where it touches what must not move, else made as a whole.
#pragma once

#include <optional>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_space.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/cbfs/metadata_hash.h"

namespace romwright::images {

/// Throws RefusedError where `writes` change a byte of what the image's FIT points to.
void check_immovable(ConstBytes image, const std::vector<CbfsWrite>& writes);
/// Throws RefusedError where `file` must stay: microcode, the bootblock, the master header, what a
/// FIT points to or what holds the metadata hash.
void check_removable(ConstBytes image, const CbfsFile& file,
                     const std::optional<MetadataHash>& hash);
/// Makes the change and brings the metadata hash up to date.
void apply(Bytes image, const Range& region, const std::vector<CbfsWrite>& writes,
           const std::optional<MetadataHash>& hash);

}  // namespace romwright::images
