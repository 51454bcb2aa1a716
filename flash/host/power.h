// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the machine has current, and how long its battery lasts.
#pragma once

#include <optional>

#include "flash/host/system_files.h"

namespace romwright::flash {

struct Power {
  std::optional<bool> mains;        ///< nothing where no supply is known: a desktop, a container
  std::optional<unsigned> percent;  ///< of the fullest battery of the machine itself
};

[[nodiscard]] Power read_power(const SystemFiles& files);

}  // namespace romwright::flash
