// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/board_options.h"

#include "toolkit/cli/directories.h"

namespace romwright::cli {

void BoardOptions::declare(Arguments& command) {
  command.required("--board", name, "the board: a name, an alias, or a manifest file", "BOARD");
  manifests.declare(command);
}

manifests::Catalogue BoardOptions::catalogue() const {
  return manifests::Catalogue(manifest_directories(manifests.directories));
}

void PrepareOptions::declare(Arguments& command, const std::string& default_mac) {
  board.declare(command);
  command.required("INPUT", input, "a release tarball, a folder, or one ROM");
  command.repeated("--rom", roms, "only this ROM; a name or a shell pattern, may be repeated",
                   "NAME");
  mac = default_mac;
  command.with_default("--mac", mac,
                       "the MAC: keep, random, chip, or XX:XX:XX:XX:XX:XX (x, ?: random nibbles)", "MAC");
  vendor.declare(command);
}

}  // namespace romwright::cli
