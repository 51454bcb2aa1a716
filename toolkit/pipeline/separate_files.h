// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware for the other chips of a board, which lies beside its ROMs and in none of them.
#pragma once

#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/vendor/store.h"

namespace romwright::pipeline {

struct SeparateFile {
  std::string name;  ///< "thunderbolt.bin", after the chip
  std::string sha512;
  Buffer content;
};

/// What `board` has for other chips. The ROMs are complete without it, so what is missing is a
/// warning.
[[nodiscard]] std::vector<SeparateFile> separate_files(const manifests::Board& board,
                                                       const manifests::Catalogue& catalogue,
                                                       const vendor::VendorStore& store, Run& run);

}  // namespace romwright::pipeline
