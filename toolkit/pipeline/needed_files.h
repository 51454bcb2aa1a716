// SPDX-License-Identifier: GPL-2.0-or-later
// The vendor files that boards need, or that recipes give, each once.
#pragma once

#include <string>
#include <vector>

#include "toolkit/manifests/catalogue.h"
#include "toolkit/vendor/store.h"

namespace romwright::pipeline {

struct NeededFile {
  vendor::WantedFile file;
  std::vector<std::string> boards;  ///< which asked for it; empty where nobody did
};

/// What `boards` insert, or write beside the ROM for another chip, in their order. Throws as
/// Catalogue::resolve.
[[nodiscard]] std::vector<NeededFile> files_of_boards(const std::vector<manifests::Board>& boards,
                                                      const manifests::Catalogue& catalogue);

/// Adds what `recipes` give to `files`, where it is not there yet.
void add_results(const std::vector<manifests::Recipe>& recipes, std::vector<NeededFile>& files);

}  // namespace romwright::pipeline
