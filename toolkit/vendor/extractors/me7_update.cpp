// SPDX-License-Identifier: GPL-2.0-or-later
// me7_update: the regions that ME 7 update images stand for, cleaned and truncated.
#include "toolkit/images/formats/me_clean/me7_update.h"

#include "toolkit/vendor/each_file.h"

namespace romwright::vendor {

namespace {

ExtractedFiles me7_update(const ExtractedFiles& files, const nlohmann::json& /*parameters*/,
                          Workshop& workshop) {
  return from_each_file(
      files, workshop, "me7_update: there is no file",
      [](const ExtractedFile& file, ExtractedFiles& found) {
        found.push_back({file.path, Content(images::region_of_me7_update(file.content.bytes()))});
      });
}

}  // namespace

extern const ExtractorEntry extractor_me7_update{"me7_update", me7_update};

}  // namespace romwright::vendor
