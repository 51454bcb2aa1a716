// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/vendor_options.h"

#include "toolkit/cli/directories.h"
#include "toolkit/vendor/download.h"

namespace romwright::cli {

void VendorOptions::declare(Arguments& command) {
  command.repeated("--vendor-dir", places,
                   "vendor files, packages, dumps of the chip: a directory, a bundle or a file",
                   "PLACE");
  command.configured_first(places, &manifests::Configuration::vendor_directories);
  command.flag("--offline", offline, "never download");
}

vendor::VendorStore VendorOptions::local_store() const {
  return vendor::VendorStore({{places.begin(), places.end()}, vendor_cache(), {}});
}

vendor::VendorStore VendorOptions::store() const {
  if (offline) return local_store();
  const auto fetch = [](const manifests::Download& download, Run& run) {
    return vendor::download(download, vendor_cache(), {}, run);
  };
  return vendor::VendorStore({{places.begin(), places.end()}, vendor_cache(), fetch});
}

vendor::FileCache vendor_cache() { return vendor::FileCache(cache_directory() / "vendor"); }

}  // namespace romwright::cli
