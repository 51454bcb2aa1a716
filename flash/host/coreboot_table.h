// SPDX-License-Identifier: GPL-2.0-or-later
// The table in memory by which coreboot tells what it is (coreboot's
// src/commonlib/include/commonlib/coreboot_tables.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "flash/base/bytes.h"
#include "flash/host/system_files.h"

namespace romwright::flash {

struct CorebootTable {
  std::string vendor, part;              ///< of the mainboard
  std::string version;                   ///< coreboot's own
  std::optional<std::uint64_t> forward;  ///< physical address of the table that is meant instead
  std::optional<std::uint64_t> fmap;     ///< where in the flash the FMAP lies
  std::optional<bool> write_protect;     ///< the write-protect signal, as the firmware read it
};

/// The table that begins with `bytes`; nothing where signature, size or either checksum is wrong.
/// What lies behind the table does not matter; a record that does not fit ends it.
[[nodiscard]] std::optional<CorebootTable> parse_coreboot_table(ConstBytes bytes);

/// Physical memory: up to `size` bytes at `address`, or nothing where it cannot be read.
using MemoryReader = std::function<std::optional<Buffer>(std::uint64_t address, std::size_t size)>;

/// Looks for the table where coreboot puts it, at multiples of 16 in the first 4 KiB and from
/// 0xf0000 to 1 MiB, and follows at most one forwarding record.
[[nodiscard]] std::optional<CorebootTable> find_coreboot_table(const MemoryReader& memory);

/// The running machine's, from /dev/mem.
[[nodiscard]] std::optional<CorebootTable> read_coreboot_table(const SystemFiles& files);

}  // namespace romwright::flash
