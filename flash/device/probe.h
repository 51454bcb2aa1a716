// SPDX-License-Identifier: GPL-2.0-or-later
// Finds out which chip answers on a bus: by its id, by SFDP, or by the name that the user gave.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"
#include "flash/chips/sfdp.h"
#include "flash/device/owned_chip.h"

namespace romwright::flash {

struct ProbeOptions {
  std::string chip;                   ///< a chip's name, as --chip gives it; empty: any
  std::optional<std::uint64_t> size;  ///< of the chip that is expected; narrows the candidates
};

struct ProbeResult {
  OwnedChip chip;
  Buffer id;                            ///< as the chip answered 0x9f (or 0x90, 0xab)
  bool from_sfdp = false;               ///< the chip is in no table: SFDP described it
  std::vector<std::string> candidates;  ///< names of all rows that match the id; of the table
  std::vector<std::string> notes;       ///< one line each, to be shown
};

/// What probing knows of chips: the rows of all tables, and how SFDP becomes a chip (nullopt where
/// there is none, or none that makes sense).
struct ChipKnowledge {
  std::span<const Chip* const> rows;
  std::function<std::optional<OwnedChip>(const SfdpReader& read)> sfdp;
};

/// The tables of flash/chips, and its SFDP parser.
ChipKnowledge known_chips();

/// Wakes the chip and asks it for its id. Throws NoDeviceError where nothing answers, or something
/// unknown without SFDP; UsageError where candidates that would behave differently remain, or the
/// name in `options` is unknown or not that of the chip that answers.
ProbeResult probe(SpiBus& bus, const ProbeOptions& options = {},
                  const ChipKnowledge& knowledge = known_chips());

}  // namespace romwright::flash
