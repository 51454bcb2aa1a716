// SPDX-License-Identifier: GPL-2.0-or-later
// What inspect says of an image, and of how it differs from another one.
#pragma once

#include <string>

#include "toolkit/cli/json.h"
#include "toolkit/cli/terminal.h"
#include "toolkit/pipeline/inspection.h"
#include "toolkit/pipeline/map/image_diff.h"

namespace romwright::cli {

/// size, chipset, regions, chips, cbfs, mac, me, me_disabled, problems
[[nodiscard]] Json inspection_json(const pipeline::Inspection& found);
/// The same in lines.
void show_inspection(const pipeline::Inspection& found, Terminal& out);

/// other, size, identical, differing_bytes, regions, cbfs, blocks
[[nodiscard]] Json diff_json(const pipeline::ImageDiff& diff, const std::string& other);
/// What is not the same, in lines.
void show_diff(const pipeline::ImageDiff& diff, const std::string& other, Terminal& out);

}  // namespace romwright::cli
