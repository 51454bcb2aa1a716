// SPDX-License-Identifier: GPL-2.0-or-later
// The JSON forms that several commands print.
#pragma once

#include <nlohmann/json.hpp>

#include "flash/base/problem.h"
#include "flash/device/flash_device.h"
#include "toolkit/pipeline/device.h"

namespace romwright::cli {

using Json = nlohmann::ordered_json;

/// {vendor, name, id, size}
[[nodiscard]] Json to_json(const pipeline::FoundChip& chip);
/// [{severity, where, message, hint}]
[[nodiscard]] Json to_json(const Problems& problems);
/// chips, erased_bytes, programmed_bytes, verified_bytes, seconds, backup, result, simulated
[[nodiscard]] Json write_result(const pipeline::Device& device, const flash::WriteReport& report);

}  // namespace romwright::cli
