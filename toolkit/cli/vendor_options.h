// SPDX-License-Identifier: GPL-2.0-or-later
// Where vendor files come from, as options.
#pragma once

#include <string>
#include <vector>

#include "toolkit/cli/arguments.h"
#include "toolkit/vendor/store.h"

namespace romwright::cli {

/// --vendor-dir, --offline.
struct VendorOptions {
  std::vector<std::string> places;
  bool offline = false;
  void declare(Arguments& command);
  /// The user's places, the cache, and the network where it is allowed.
  [[nodiscard]] vendor::VendorStore store() const;
  /// The same without the network.
  [[nodiscard]] vendor::VendorStore local_store() const;
};

/// The vendor files and packages that were had once.
[[nodiscard]] vendor::FileCache vendor_cache();

}  // namespace romwright::cli
