// SPDX-License-Identifier: GPL-2.0-or-later
// Gets vendor files one after the other, and tells of each.
#pragma once

#include <functional>
#include <vector>

#include "flash/base/error.h"
#include "toolkit/cli/vendor/selection.h"

namespace romwright::cli {

struct LoadedFiles {
  Json report = Json::array();      ///< to_json of each, "at_hand", and "error" or null
  std::vector<VendorError> errors;  ///< of those that cannot be had
};

/// Loads each of `files` from `store`, prints a line of it and hands it to `take`.
LoadedFiles load_each(const std::vector<pipeline::NeededFile>& files,
                      const vendor::VendorStore& store, Session& session,
                      const std::function<void(const vendor::WantedFile&, Buffer)>& take);

}  // namespace romwright::cli
