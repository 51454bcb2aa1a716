// SPDX-License-Identifier: GPL-2.0-or-later
// Whether addresses still answer, without downloading what they hold.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"

namespace romwright::vendor {

struct AddressState {
  std::string url;
  bool alive = false;
  /// Why it is dead: "404", "connection refused", "a web page in place of the file"; else empty.
  std::string problem;
  std::optional<std::uint64_t> size;  ///< as the server says
};

struct AddressCheckLimits {
  std::chrono::milliseconds connect{15'000};
  std::chrono::milliseconds answer{30'000};  ///< for all of it
  long redirects = 10;
  std::size_t at_once = 8;
};

/// Asks each address of `urls` for its head, or for its first byte where the server answers nothing
/// else; several at once; the result is in the order of `urls`. TLS is verified and the proxy of
/// the environment is used. Throws InterruptedError.
[[nodiscard]] std::vector<AddressState> check_addresses(const std::vector<std::string>& urls,
                                                        const AddressCheckLimits& limits, Run& run);

}  // namespace romwright::vendor
