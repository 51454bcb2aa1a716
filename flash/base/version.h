// SPDX-License-Identifier: GPL-2.0-or-later
// The version of romwright, as `--version` and receipts state it, and those of what it stands on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace romwright {

/// "0.1.0"
extern const std::string_view version;

/// A library that the program runs with, not the one that it was built with wherever the library
/// tells; `version` is its own spelling.
struct LibraryVersion {
  std::string name;
  std::string version;
};

/// Those of this floor: OpenSSL and fmt. Each floor that stands on others has a function like it.
std::vector<LibraryVersion> library_versions();

}  // namespace romwright
