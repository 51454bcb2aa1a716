// SPDX-License-Identifier: GPL-2.0-or-later
// kbc1126: the two parts of the firmware of HP's embedded controllers, as X.fw1 and X.fw2.
#include "toolkit/images/formats/kbc1126.h"

#include <fmt/format.h>

#include "toolkit/vendor/each_file.h"

namespace romwright::vendor {

namespace {

ExtractedFiles kbc1126(const ExtractedFiles& files, const nlohmann::json& /*parameters*/,
                       Workshop& workshop) {
  return from_each_file(files, workshop, "kbc1126: there is no file",
                        [](const ExtractedFile& file, ExtractedFiles& found) {
                          const images::Kbc1126Firmware firmware =
                              images::read_kbc1126(file.content.bytes());
                          for (std::size_t i = 0; i < firmware.parts.size(); ++i)
                            found.push_back({fmt::format("{}.fw{}", file.path, i + 1),
                                             file.content.part(firmware.parts[i], file.path)});
                        });
}

}  // namespace

extern const ExtractorEntry extractor_kbc1126{"kbc1126", kbc1126};

}  // namespace romwright::vendor
