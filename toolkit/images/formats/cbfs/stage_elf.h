// SPDX-License-Identifier: GPL-2.0-or-later
// A stage of a CBFS as an ELF file, as cbfstool extracts it.
#pragma once

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_stage.h"

namespace romwright::images {

/// What `cbfstool extract -m x86` writes for the stage, byte for byte: an rmodule with its
/// relocations, or another program as it is loaded. Throws ImageError for a damaged rmodule, and
/// for one beyond 4 GiB.
[[nodiscard]] Buffer elf_from_stage(const CbfsStage& stage);

}  // namespace romwright::images
