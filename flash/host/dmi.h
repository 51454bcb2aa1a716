// SPDX-License-Identifier: GPL-2.0-or-later
// What the firmware's DMI tables (SMBIOS, DSP0134) call the machine, as Linux shows them.
#pragma once

#include <optional>
#include <string>

#include "flash/host/system_files.h"

namespace romwright::flash {

/// Texts are empty where the firmware tells none.
struct Dmi {
  std::string vendor, product, version;  ///< of the system
  std::string board_vendor, board;       ///< of the baseboard
  std::string firmware_vendor, firmware_version;
  unsigned chassis = 0;  ///< SMBIOS type 3, chassis type; 0 is unknown

  /// True where nothing is told of the system.
  [[nodiscard]] bool empty() const { return vendor.empty() && product.empty() && board.empty(); }
  /// Whether the chassis is a portable one (8 to 11, 14, 30 to 32); nothing where it is not told
  /// (0 to 2).
  [[nodiscard]] std::optional<bool> laptop() const;
};

[[nodiscard]] Dmi read_dmi(const SystemFiles& files);

}  // namespace romwright::flash
