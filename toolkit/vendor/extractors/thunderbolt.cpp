// SPDX-License-Identifier: GPL-2.0-or-later
// thunderbolt: firmware of a Thunderbolt controller, as large as the controller's chip.
#include "toolkit/vendor/padded.h"

namespace romwright::vendor {

namespace {

ExtractedFiles thunderbolt(const ExtractedFiles& files, const nlohmann::json& parameters,
                           Workshop& workshop) {
  return padded(files, parameters.at("size").get<std::uint64_t>(), 0x00, workshop.limits);
}

}  // namespace

extern const ExtractorEntry extractor_thunderbolt{"thunderbolt", thunderbolt};

}  // namespace romwright::vendor
