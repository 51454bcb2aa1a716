// SPDX-License-Identifier: GPL-2.0-or-later
// pad: each file, filled up to a size.
#include "toolkit/vendor/padded.h"

namespace romwright::vendor {

namespace {

ExtractedFiles pad(const ExtractedFiles& files, const nlohmann::json& parameters,
                   Workshop& workshop) {
  return padded(files, parameters.at("size").get<std::uint64_t>(),
                parameters.value("byte", std::uint8_t{0xff}), workshop.limits);
}

}  // namespace

extern const ExtractorEntry extractor_pad{"pad", pad};

}  // namespace romwright::vendor
