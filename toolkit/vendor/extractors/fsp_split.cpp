// SPDX-License-Identifier: GPL-2.0-or-later
// fsp_split: the components of an Intel FSP, as its own tool names them.
#include <fmt/format.h>

#include "toolkit/images/formats/uefi/fsp.h"
#include "toolkit/vendor/each_file.h"

namespace romwright::vendor {

namespace {

ExtractedFiles fsp_split(const ExtractedFiles& files, const nlohmann::json& /*parameters*/,
                         Workshop& workshop) {
  return from_each_file(
      files, workshop, "fsp_split: there is no file",
      [](const ExtractedFile& file, ExtractedFiles& found) {
        for (const images::FspComponent& component : images::read_fsp(file.content.bytes()))
          found.push_back({fmt::format("{}/Fsp_{}.fd", file.path, component.letter),
                           file.content.part(component.range, file.path)});
      });
}

}  // namespace

extern const ExtractorEntry extractor_fsp_split{"fsp_split", fsp_split};

}  // namespace romwright::vendor
