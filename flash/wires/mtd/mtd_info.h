// SPDX-License-Identifier: GPL-2.0-or-later
// What Linux tells in sysfs about its memory technology devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flash/host/device_file.h"

namespace romwright::flash {

/// One /sys/class/mtd/mtdN (the kernel's Documentation/ABI/testing/sysfs-class-mtd).
struct MtdInfo {
  unsigned number = 0;
  std::string type;  ///< "nor", "ram", "nand", ...
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t erase_size = 0;
  std::uint64_t write_size = 1;  ///< programs are multiples of it
  std::uint32_t flags = 0;       ///< MTD_WRITEABLE, MTD_NO_ERASE, ...
  std::uint32_t regions = 0;     ///< with erase blocks of different sizes; 0: all alike
  bool partition = false;
  std::optional<unsigned> master;  ///< the device that a partition is a part of, where it is shown
  /// A partition that begins where its chip begins, is the only one there, and whose chip is not
  /// shown: spi-intel's "BIOS" is. It is as much of the chip as can be had.
  bool stands_for_chip = false;

  [[nodiscard]] std::string device() const { return "/dev/mtd" + std::to_string(number); }
  [[nodiscard]] bool has(std::uint32_t flag) const noexcept { return (flags & flag) != 0; }
};

/// The numbers of all devices, ascending.
std::vector<unsigned> mtd_numbers(Kernel& kernel);

/// Throws NoDeviceError where there is no such device, or what sysfs tells is no use.
MtdInfo mtd_info(Kernel& kernel, unsigned number);

/// Why `info` is no whole chip that can be written, and what to do; nothing where it is one. RAM
/// (mtdram) is taken for one where `allow_ram`.
struct MtdRefusal {
  std::string reason;
  std::string hint;
};
std::optional<MtdRefusal> refuse_mtd(const MtdInfo& info, bool allow_ram);

/// The NOR chips that Linux drives, whole or stood for; what sysfs does not tell rightly is left
/// out.
std::vector<MtdInfo> nor_chips(Kernel& kernel);
/// The number of the only one; nothing where there is none. Throws NoDeviceError where there are
/// several: which is the machine's own is not known.
std::optional<unsigned> only_nor_chip(Kernel& kernel);

}  // namespace romwright::flash
