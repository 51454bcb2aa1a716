// SPDX-License-Identifier: GPL-2.0-or-later
// What the running kernel lets a program do with memory, ports and the flash controller.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/range.h"
#include "flash/host/system_files.h"

namespace romwright::flash {

/// A driver that is at work on the flash controller, or on registers beside it.
struct RegisterClaim {
  std::string driver, bus;  ///< "iTCO_wdt", "platform": its folder is /sys/bus/BUS/drivers/DRIVER
  std::string device;       ///< "iTCO_wdt.1.auto": what is written to that folder's `unbind`
  friend bool operator==(const RegisterClaim&, const RegisterClaim&) = default;
};

/// A device of /sys/class/mtd.
struct MtdDevice {
  std::string name;   ///< "mtd0"
  std::string label;  ///< "BIOS"
  std::string type;   ///< "nor", "ram"
  bool writable = false;
  friend bool operator==(const MtdDevice&, const MtdDevice&) = default;
};

/// Absent values are unknown.
struct KernelFacts {
  bool root = false;
  bool memory_there = false;             ///< /dev/mem
  bool memory_readable = false;          ///< it opens
  std::optional<bool> strict_memory;     ///< CONFIG_STRICT_DEVMEM
  std::optional<bool> strict_registers;  ///< CONFIG_IO_STRICT_DEVMEM
  bool memory_relaxed = false;           ///< iomem=relaxed on the command line
  std::optional<std::string> lockdown;   ///< "none", "integrity", "confidentiality"
  std::string lockdown_asked;            ///< by lockdown= on the command line; empty: not there
  std::optional<bool> secure_boot;
  std::vector<RegisterClaim> claims;
  std::vector<MtdDevice> mtd;
};

[[nodiscard]] KernelFacts read_kernel_facts(const SystemFiles& files);

/// True where /dev/mem does not open, or a lockdown keeps it from what it opened.
[[nodiscard]] bool memory_closed(const KernelFacts& facts);

/// Who holds what of `range`, of a text as in /proc/iomem: "iTCO_wdt.1.auto". The innermost
/// entries; what firmware reserves and what has no address (it is shown to root alone) is left out.
[[nodiscard]] std::vector<std::string> holders(std::string_view iomem, Range range);

}  // namespace romwright::flash
