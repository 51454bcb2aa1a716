// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/vendor_options.h"

#include "toolkit/cli/directories.h"

namespace romwright::cli {

void VendorOptions::declare(Arguments& command) {
  command.repeated("--vendor-dir", places,
                   "vendor files, packages, dumps of the chip: a directory, a bundle or a file",
                   "PLACE");
  command.flag("--offline", offline, "never download");
}

vendor::VendorStore VendorOptions::local_store() const {
  return vendor::VendorStore({{places.begin(), places.end()}, vendor_cache(), {}});
}

vendor::VendorStore VendorOptions::store() const { return local_store(); }

std::filesystem::path vendor_cache() { return cache_directory() / "vendor"; }

}  // namespace romwright::cli
