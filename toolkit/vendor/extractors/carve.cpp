// SPDX-License-Identifier: GPL-2.0-or-later
// carve: a part of each file, by offset and size.
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

namespace {

ExtractedFiles carve(const ExtractedFiles& files, const nlohmann::json& parameters,
                     Workshop& /*workshop*/) {
  const std::uint64_t offset = parameters.at("offset").get<std::uint64_t>();
  ExtractedFiles parts;
  for (const ExtractedFile& file : files) {
    const std::uint64_t rest = offset < file.content.size() ? file.content.size() - offset : 0;
    const Range range{offset, parameters.value("size", rest)};
    parts.push_back({file.path, file.content.part(range, file.path)});
  }
  return parts;
}

}  // namespace

extern const ExtractorEntry extractor_carve{"carve", carve};

}  // namespace romwright::vendor
