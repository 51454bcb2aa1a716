// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/version.h"

namespace romwright {

const std::string_view version = ROMWRIGHT_VERSION;

}  // namespace romwright
