// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/board_text.h"

#include <fmt/format.h>

#include "flash/base/bytes.h"

namespace romwright::pipeline {

std::string chips_text(const manifests::Board& board) {
  std::string text;
  for (const manifests::BoardChip& chip : board.chips)
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", chip.name, human_size(chip.size));
  return text;
}

std::string_view text_of(manifests::NoteTime time) {
  switch (time) {
    case manifests::NoteTime::prepare:
      return "before preparing";
    case manifests::NoteTime::internal:
      return "before an internal write";
    case manifests::NoteTime::external:
      return "before an external write";
    case manifests::NoteTime::boot:
      return "before the first boot";
    case manifests::NoteTime::always:
      break;
  }
  return "note";
}

std::string_view text_of(manifests::FromVendorFirmware from) {
  switch (from) {
    case manifests::FromVendorFirmware::never:
      return "libreboot";
    case manifests::FromVendorFirmware::always:
      return "vendor";
    case manifests::FromVendorFirmware::with_notes:
      return "vendor, see its notes";
    case manifests::FromVendorFirmware::unknown:
      break;
  }
  return "unknown";
}

}  // namespace romwright::pipeline
