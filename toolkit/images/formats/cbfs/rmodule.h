// SPDX-License-Identifier: GPL-2.0-or-later
// coreboot's relocatable modules (rmodule), such as Intel's reference code, and their form as ELF.
#pragma once

#include <cstdint>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

/// A 32-bit x86 rmodule (coreboot, rmodule-defs.h). Addresses are those it is linked to.
struct Rmodule {
  std::uint32_t link_address = 0;
  std::uint32_t memory_size = 0;
  std::uint32_t entry = 0;
  std::uint32_t parameters_begin = 0, parameters_end = 0;
  std::uint32_t bss_begin = 0, bss_end = 0;
  Buffer program;
  std::vector<std::uint32_t> relocations;  ///< addresses of 32-bit absolute words, ascending

  /// Throws ImageError for what is no rmodule, or one whose parts lie outside it.
  static Rmodule parse(ConstBytes rmodule);
  /// From the ELF that `to_elf` writes.
  static Rmodule parse_elf(ConstBytes elf);
  /// The rmodule as it lies in a stage.
  [[nodiscard]] Buffer serialize() const;
  /// The ELF that `cbfstool extract -m x86` writes for it, byte for byte.
  [[nodiscard]] Buffer to_elf() const;
};

[[nodiscard]] bool is_rmodule(ConstBytes bytes) noexcept;
/// Whether `bytes` is an ELF that holds an rmodule's program and relocations.
[[nodiscard]] bool is_rmodule_elf(ConstBytes bytes) noexcept;

}  // namespace romwright::images
