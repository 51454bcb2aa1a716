// SPDX-License-Identifier: GPL-2.0-or-later
// What goes wrong with a simulated chip or its link: each fault a real chip, clip or cable shows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/programmer.h"

namespace romwright::flash {

/// A cell that does not change.
struct StuckBit {
  std::uint64_t address = 0;
  unsigned bit = 0;
  bool value = false;
};

/// Numbers of operations count from 1; 0 is never.
struct Faults {
  std::vector<StuckBit> stuck;
  std::optional<std::uint64_t> flip_address;  ///< bit 0 of this byte reads wrong, once
  std::uint64_t flip_every = 0;               ///< bit 0 of every so many-th byte that is read
  std::uint64_t ignore_erase = 0;             ///< this erase is accepted, but nothing happens
  std::uint64_t cut_erase = 0;                ///< the power fails in the middle of this erase
  std::uint64_t cut_program = 0;              ///< the power fails in the middle of this program
  double cut_at = 0.5;                        ///< how much of the operation is done by then
  std::uint64_t hang = 0;        ///< from this erase or program on, the chip stays busy
  std::uint64_t drop_after = 0;  ///< the link breaks after so many bytes on the wire
  std::uint64_t carries = 0;     ///< hertz; above, the wiring flips bits of what is read; 0: any
  double slow = 1.0;             ///< times of the chip's typical ones
  std::optional<Buffer> id;      ///< what RDID answers instead
  bool silent = false;           ///< nothing drives the chip's output: it reads 0xff
};

/// What `-p sim:...` takes for them.
std::span<const ParameterHelp> fault_parameters();
/// Reads them; throws UsageError for a value that does not parse.
Faults parse_faults(const Parameters& parameters);

/// A number as parameters write it, decimal or 0x...; throws UsageError naming `key`.
std::uint64_t parse_number(std::string_view key, std::string_view text);

}  // namespace romwright::flash
