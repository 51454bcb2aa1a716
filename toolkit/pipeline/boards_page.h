// SPDX-License-Identifier: GPL-2.0-or-later
// The boards as a page for a browser.
#pragma once

#include <string>
#include <vector>

#include "toolkit/manifests/catalogue.h"

namespace romwright::pipeline {

/// A page of its own, without script and network: a table of `boards`, then each with its notes
/// first, then chips, regions, and every vendor file with where it goes, its hash, and where it is
/// had. Throws as Catalogue::resolve.
[[nodiscard]] std::string boards_page(const std::vector<manifests::Board>& boards,
                                      const manifests::Catalogue& catalogue);

}  // namespace romwright::pipeline
