// SPDX-License-Identifier: GPL-2.0-or-later
// What `romwright me` says of firmware of the Management Engine and of its cleaning.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toolkit/cli/json.h"
#include "toolkit/images/formats/me.h"
#include "toolkit/images/formats/me_clean/me_clean.h"

namespace romwright::cli {

[[nodiscard]] std::vector<std::string> report_lines(const images::MeCleaning& cleaning);
/// {full_image, region{offset,size}, version, variant, generation, key{md5,versions},
/// partitions[], modules[], wiped, ftpr_offset, minimum_size, disabled, signature_valid}
[[nodiscard]] Json report_json(const images::MeCleaning& cleaning);

/// The region in `image`, which may be one itself, where its firmware is newer than what can be
/// cleaned.
[[nodiscard]] std::optional<Range> newer_me_region(ConstBytes image);
/// The same of such firmware.
[[nodiscard]] std::vector<std::string> report_lines(const images::MeView& me);
[[nodiscard]] Json report_json(const images::MeView& me, const Range& region);

}  // namespace romwright::cli
