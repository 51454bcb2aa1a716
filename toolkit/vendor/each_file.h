// SPDX-License-Identifier: GPL-2.0-or-later
// What an extractor does with each of many files, of which some may not be for it.
#pragma once

#include <optional>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// Calls `extract(file, found)` for each file, which appends to `found`. A file that it throws an
/// ImageError for is passed over; where nothing is found at all, the first of these errors is
/// thrown, with the others behind it, or a VendorError saying `nothing` where there was none.
template <typename Extract>
ExtractedFiles from_each_file(const ExtractedFiles& files, const Workshop& workshop,
                              std::string_view nothing, Extract&& extract) {
  constexpr std::size_t most_errors = 10;
  ExtractedFiles found;
  std::vector<ImageError> errors;
  for (const ExtractedFile& file : files) {
    if (workshop.run.stop.stop_requested()) break;
    try {
      within(file.path, [&] { extract(file, found); });
    } catch (const ImageError& error) {
      if (errors.size() < most_errors) errors.push_back(error);
    }
  }
  if (!found.empty()) return found;
  throw_all(errors);
  throw VendorError(std::string(nothing));
}

}  // namespace romwright::vendor
