// SPDX-License-Identifier: GPL-2.0-or-later
// How a board names a vendor file.
#pragma once

#include <string>

#include "flash/base/error.h"

namespace romwright::manifests {

/// A result of vendorfiles/<file>.yaml.
struct FileReference {
  std::string file;
  std::string result;  ///< empty: the only one
  Mark mark;           ///< where the board says so
  std::string line;    ///< the board's text there, for messages
};

}  // namespace romwright::manifests
