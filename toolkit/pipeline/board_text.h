// SPDX-License-Identifier: GPL-2.0-or-later
// What a board manifest says, in the words that users read.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/manifests/board.h"

namespace romwright::pipeline {

/// "8 MiB": "bottom 8 MiB + top 4 MiB" for several; empty where nothing is known.
[[nodiscard]] std::string chips_text(const manifests::Board& board);
/// "before an internal write".
[[nodiscard]] std::string_view text_of(manifests::NoteTime time);
/// From where an internal write works: "vendor", "libreboot", "vendor, see its notes", "unknown".
[[nodiscard]] std::string_view text_of(manifests::FromVendorFirmware from);

}  // namespace romwright::pipeline
