// SPDX-License-Identifier: GPL-2.0-or-later
// Values of programmer parameters that several programmers take: clocks, voltages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flash/bus/programmer.h"

namespace romwright::flash {

/// The clock that `key` names, in hertz; nothing where it is not given. "16M", "500k", "16MHz"; a
/// bare number counts `unit` hertz. Throws UsageError for what is no SPI clock.
std::optional<std::uint32_t> clock_parameter(const Parameters& parameters, std::string_view key,
                                             std::uint32_t unit);

/// The `voltage` at the chip's pins that the user declares, in millivolts: "1.8", "3.3V". Throws
/// UsageError for what is no chip's voltage (1 to 5 V).
std::optional<int> voltage_parameter(const Parameters& parameters);

/// A number, decimal or 0x..., of at most `largest`. Throws UsageError naming `key`.
std::optional<std::uint64_t> number_parameter(const Parameters& parameters, std::string_view key,
                                              std::uint64_t largest);

/// Throws the UsageError "KEY=VALUE is not possible (HINT)" for a value as it was given.
[[noreturn]] void refuse_parameter(const Parameters& parameters, std::string_view key,
                                   std::string hint);

/// "yes" or "no"; false where it is not given. Throws UsageError.
bool flag_parameter(const Parameters& parameters, std::string_view key);

}  // namespace romwright::flash
