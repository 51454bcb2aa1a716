// SPDX-License-Identifier: GPL-2.0-or-later
// --board and where its manifests and vendor files come from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "toolkit/cli/options.h"
#include "toolkit/cli/vendor_options.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/pipeline/prepare.h"

namespace romwright::cli {

/// --board, --manifests.
struct BoardOptions {
  std::string name;
  ManifestOptions manifests;
  void declare(Arguments& command);
  [[nodiscard]] manifests::Catalogue catalogue() const;
};

/// --rom, --mac, and where vendor files come from.
struct PrepareOptions {
  BoardOptions board;
  std::string input;
  std::vector<std::string> roms;
  std::string mac;
  VendorOptions vendor;

  /// `default_mac` is what --mac is where it is not given.
  void declare(Arguments& command, const std::string& default_mac);
};

}  // namespace romwright::cli
