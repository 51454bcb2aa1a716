// SPDX-License-Identifier: GPL-2.0-or-later
// Programs as CBFS stages: from ELF files, from rmodules, and from stages of the older kind.
#pragma once

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"

namespace romwright::images {

/// A stage's content and header.
struct CbfsStage {
  Buffer content;
  CbfsStageHeader header;
};

/// The loadable bytes of an ELF file (32 or 64 bits, either byte order), from the lowest to the
/// highest physical address. Throws ImageError for what is no program.
[[nodiscard]] CbfsStage stage_from_elf(ConstBytes elf);
/// The stage that cbfstool makes of rmodtool's output for this rmodule.
[[nodiscard]] CbfsStage stage_from_rmodule(ConstBytes rmodule);
/// The program of a stage of type 0x10, decompressed; its own header says how. Little-endian.
[[nodiscard]] CbfsStage stage_from_legacy(ConstBytes content);
/// Any of: an rmodule, the ELF of `elf_from_rmodule`, another ELF.
[[nodiscard]] CbfsStage stage_from_program(ConstBytes program);

}  // namespace romwright::images
