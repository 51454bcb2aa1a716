// SPDX-License-Identifier: GPL-2.0-or-later
// Asks many addresses at once whether they still have what they had.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toolkit/vendor/download.h"

namespace romwright::vendor {

struct AddressQuestion {
  std::string url;
  std::optional<std::uint64_t> size;  ///< of what it should have
};

/// What each address answers (see check_url), in the order of `questions`. A web page in place of a
/// file is no file. Throws InterruptedError.
[[nodiscard]] std::vector<UrlCheck> check_addresses(const std::vector<AddressQuestion>& questions,
                                                    const HttpLimits& limits, Run& run);

}  // namespace romwright::vendor
