// SPDX-License-Identifier: GPL-2.0-or-later
// sch5545: the firmware of the SCH5545 in a Dell UEFI image.
#include "toolkit/vendor/uefi_content.h"

namespace romwright::vendor {

namespace {

/// Where Dell puts it: the raw section of this file.
const images::UefiStep usual_way[] = {
    {images::uefi_guid("D386BEB8-4B54-4E69-94F5-06091F67E0D3"), {}, {}},
    {{}, images::UefiSectionKind::raw, 0},
};

ExtractedFiles sch5545(const ExtractedFiles& files, const nlohmann::json& parameters,
                       Workshop& /*workshop*/) {
  if (!parameters.contains("path")) return extract_uefi(files, usual_way, "sch5545");
  return extract_uefi(files, uefi_steps(parameters["path"]), "sch5545");
}

}  // namespace

extern const ExtractorEntry extractor_sch5545{"sch5545", sch5545};

}  // namespace romwright::vendor
