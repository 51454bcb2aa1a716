// SPDX-License-Identifier: GPL-2.0-or-later
// The versions of the libraries that this floor stands on: yaml-cpp, JSON for Modern C++.
#pragma once

#include "flash/base/version.h"

namespace romwright::manifests {

std::vector<LibraryVersion> library_versions();

}  // namespace romwright::manifests
