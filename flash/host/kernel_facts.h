// SPDX-License-Identifier: GPL-2.0-or-later
// What the running kernel lets a program do with memory, ports and the flash controller.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/host/system_files.h"

namespace romwright::flash {

/// Absent values are unknown.
struct KernelFacts {
  bool root = false;
  bool memory_there = false;             ///< /dev/mem
  bool memory_readable = false;          ///< it opens
  std::optional<bool> strict_memory;     ///< CONFIG_STRICT_DEVMEM
  std::optional<bool> strict_registers;  ///< CONFIG_IO_STRICT_DEVMEM
  bool memory_relaxed = false;           ///< iomem=relaxed on the command line
  std::optional<std::string> lockdown;   ///< "none", "integrity", "confidentiality"
  std::optional<bool> secure_boot;
  /// Loaded of those that claim the flash controller: spi_intel*, intel_spi*, lpc_ich.
  std::vector<std::string> modules;
  /// "mtd0 (intel-spi, nor)", the whole devices of /sys/class/mtd.
  std::vector<std::string> mtd;
};

[[nodiscard]] KernelFacts read_kernel_facts(const SystemFiles& files);

/// The number of the first NOR device of MTD, where /dev/mem is closed (or the kernel is locked
/// down): what then reaches the machine's own chip. Nothing otherwise.
[[nodiscard]] std::optional<unsigned> mtd_in_place_of_memory(const KernelFacts& facts);

}  // namespace romwright::flash
