// SPDX-License-Identifier: GPL-2.0-or-later
// The versions of the libraries that this floor stands on: libcurl, libext2fs.
#pragma once

#include "flash/base/version.h"

namespace romwright::vendor {

std::vector<LibraryVersion> library_versions();

}  // namespace romwright::vendor
