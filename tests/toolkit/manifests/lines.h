// SPDX-License-Identifier: GPL-2.0-or-later
// What a manifest's errors say, as the user sees them.
#pragma once

#include <string>
#include <vector>

#include "flash/base/error.h"

namespace romwright::manifests {

/// The lines of the error that `body` throws: its own, then those of the others; empty where it
/// throws none.
template <typename Body>
std::vector<std::string> lines_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    std::vector<std::string> lines{error.line()};
    lines.insert(lines.end(), error.others().begin(), error.others().end());
    return lines;
  }
  return {};
}

}  // namespace romwright::manifests
