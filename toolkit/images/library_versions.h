// SPDX-License-Identifier: GPL-2.0-or-later
// The versions of the libraries that this floor stands on: libarchive, liblzma, liblz4.
#pragma once

#include "flash/base/version.h"

namespace romwright::images {

std::vector<LibraryVersion> library_versions();

}  // namespace romwright::images
