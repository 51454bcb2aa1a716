// SPDX-License-Identifier: GPL-2.0-or-later
// What a board's ROMs need from vendors, and where each file goes: plain values, made from
// manifests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "toolkit/images/formats/cbfs/cbfs_position.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/vendor/store.h"

namespace romwright::pipeline {

/// A region of the flash descriptor ("me").
struct IntoRegion {
  std::string region;
  friend bool operator==(const IntoRegion&, const IntoRegion&) = default;
};

/// A file in the image's CBFS.
struct IntoCbfs {
  std::string name;
  std::uint32_t type = 0;
  std::optional<images::CbfsPosition> position;  ///< absent: the first place that fits
  bool xip = false;                              ///< an FSP that is relocated to where it lies
  friend bool operator==(const IntoCbfs&, const IntoCbfs&) = default;
};

struct Insertion {
  vendor::WantedFile file;
  std::variant<IntoRegion, IntoCbfs> where;
};

/// "region me", "CBFS mrc.bin".
std::string describe(const Insertion& insertion);

/// The insertions of `board` in its order, with what its recipes pin.
std::vector<Insertion> plan_insertions(const manifests::Board& board,
                                       const manifests::Catalogue& catalogue);

}  // namespace romwright::pipeline
