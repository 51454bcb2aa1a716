// SPDX-License-Identifier: GPL-2.0-or-later
// uefi: one thing in a UEFI firmware image, by the way to it.
#include "toolkit/vendor/uefi_content.h"

namespace romwright::vendor {

namespace {

ExtractedFiles uefi(const ExtractedFiles& files, const nlohmann::json& parameters,
                    Workshop& /*workshop*/) {
  return extract_uefi(files, uefi_steps(parameters.at("path")), "uefi");
}

}  // namespace

extern const ExtractorEntry extractor_uefi{"uefi", uefi};

}  // namespace romwright::vendor
