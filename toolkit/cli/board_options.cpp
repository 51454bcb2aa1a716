// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/board_options.h"

#include "toolkit/cli/directories.h"

namespace romwright::cli {

void BoardOptions::declare(CLI::App& command) {
  command.add_option("--board", name, "the board: a name, an alias, or a manifest file")
      ->type_name("BOARD")
      ->required();
  manifests.declare(command);
}

manifests::Catalogue BoardOptions::catalogue() const {
  return manifests::Catalogue(manifest_directories(manifests.directories));
}

void PrepareOptions::declare(CLI::App& command, const std::string& default_mac) {
  board.declare(command);
  command.add_option("INPUT", input, "a release tarball, a folder, or one ROM")->required();
  command.add_option("--rom", roms, "only this ROM; a name or a shell pattern, may be repeated")
      ->type_name("NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  mac = default_mac;
  command
      .add_option("--mac", mac, "keep, random, chip, or XX:XX:XX:XX:XX:XX (x, ?: random nibbles)")
      ->type_name("MAC")
      ->capture_default_str();
  command.add_option("--vendor-dir", vendor_directories, "vendor files, found by their SHA-512")
      ->type_name("DIR")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--offline", offline, "never download");
}

vendor::VendorStore PrepareOptions::store() const {
  std::vector<std::filesystem::path> directories(vendor_directories.begin(),
                                                 vendor_directories.end());
  return vendor::VendorStore(std::move(directories), cache_directory() / "vendor");
}

}  // namespace romwright::cli
