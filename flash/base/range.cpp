// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/range.h"

#include <fmt/format.h>

namespace romwright {

std::string to_string(const Range& range) {
  return fmt::format("{:#x}+{:#x}", range.offset, range.size);
}

}  // namespace romwright
