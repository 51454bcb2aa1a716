// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/parameter_values.h"

#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr double fastest = 1e9;

/// The decimal number that `text` starts with, which is removed; nothing where there is none.
std::optional<double> take_decimal(std::string_view& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<std::uint32_t> clock_parameter(const Parameters& parameters, std::string_view key,
                                             std::uint32_t unit) {
  const auto given = parameters.get(key);
  if (!given) return std::nullopt;
  std::string_view rest = *given;
  const std::optional<double> number = take_decimal(rest);
  double factor = 0;
  if (rest.empty()) factor = unit;
  if (rest == "k" || rest == "kHz") factor = 1e3;
  if (rest == "M" || rest == "MHz") factor = 1e6;
  if (rest == "Hz") factor = 1;
  const double hertz = number.value_or(0) * factor;
  if (!(hertz >= 1 && hertz <= fastest))
    throw UsageError(fmt::format("{}={} is no SPI clock", key, *given), "such as 16M or 500k");
  return static_cast<std::uint32_t>(hertz + 0.5);
}

std::optional<int> voltage_parameter(const Parameters& parameters) {
  const auto given = parameters.get("voltage");
  if (!given) return std::nullopt;
  std::string_view rest = *given;
  const std::optional<double> volts = take_decimal(rest);
  if (!volts || !(*volts >= 1 && *volts <= 5) || !(rest.empty() || rest == "V"))
    throw UsageError(fmt::format("voltage={} is no chip's voltage", *given), "1.8 or 3.3");
  return static_cast<int>(*volts * 1000 + 0.5);
}

std::optional<std::uint64_t> number_parameter(const Parameters& parameters, std::string_view key,
                                              std::uint64_t largest) {
  const auto given = parameters.get(key);
  if (!given) return std::nullopt;
  std::string_view text = *given;
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size() || value > largest)
    throw UsageError(fmt::format("{}={} does not parse", key, *given),
                     fmt::format("a number from 0 to {}", largest));
  return value;
}

void refuse_parameter(const Parameters& parameters, std::string_view key, std::string hint) {
  throw UsageError(fmt::format("{}={} is not possible", key, parameters.get(key).value_or("")),
                   std::move(hint));
}

bool flag_parameter(const Parameters& parameters, std::string_view key) {
  const std::string given = parameters.get(key).value_or("no");
  if (given == "yes") return true;
  if (given == "no") return false;
  throw UsageError(fmt::format("{}={} is not understood", key, given), "yes or no");
}

}  // namespace romwright::flash
