// SPDX-License-Identifier: GPL-2.0-or-later
// The versions of the libraries that this floor stands on: libpci, libusb, libftdi, zlib.
#pragma once

#include "flash/base/version.h"

namespace romwright::flash {

std::vector<LibraryVersion> library_versions();

}  // namespace romwright::flash
