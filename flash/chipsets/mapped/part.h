// SPDX-License-Identifier: GPL-2.0-or-later
// Flash chips on LPC or as firmware hubs (FWH), which lie in the machine's address space.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "flash/base/range.h"
#include "flash/bus/flash.h"

namespace romwright::flash::mapped {

/// The commands that a chip understands.
enum class Family : std::uint8_t {
  jedec,  ///< AA to 5555, 55 to 2AAA, then the command
  intel,  ///< of the 82802AB: one byte, and a status to read
};

/// How a block is erased.
enum class EraseMethod : std::uint8_t {
  jedec_sector,  ///< 30
  jedec_block,   ///< 50
  jedec_chip,    ///< 10, to 5555
  intel_block,   ///< 20, d0
  sst_sector,    ///< 30, d0
  m50_sector,    ///< 32, d0 for 4 KiB, else 20, d0
};

struct PartErase {
  EraseMethod method;
  std::span<const EraseRun> runs;
};

/// Blocks that have a lock register each; none where the chip has no such registers.
enum class Locks : std::uint8_t { none, uniform_16k, uniform_32k, uniform_64k, eraser_0, eraser_1 };

struct Part {
  std::string_view vendor, name;
  std::uint8_t manufacturer, model;
  Family family;
  std::uint32_t size;
  Locks locks;
  std::span<const PartErase> erases;
};

/// Every known one.
std::span<const Part> parts();

/// "SST SST49LF080A".
std::string full_name(const Part& part);

/// The blocks that have a lock register each, from the chip's start on.
std::vector<Range> lock_blocks(const Part& part);

}  // namespace romwright::flash::mapped
