// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/faults.h"

#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {

namespace {

constexpr std::array help = {
    ParameterHelp{"stuck", "ADDRESS:BIT:VALUE", "a cell that does not change"},
    ParameterHelp{"flip", "ADDRESS", "this byte reads wrong, once"},
    ParameterHelp{"noise", "N", "every N-th byte reads wrong"},
    ParameterHelp{"ignore_erase", "N", "the N-th erase does nothing"},
    ParameterHelp{"cut_erase", "N", "the power fails in the N-th erase"},
    ParameterHelp{"cut_program", "N", "the power fails in the N-th program"},
    ParameterHelp{"cut_at", "0.0-1.0", "how far that operation is by then"},
    ParameterHelp{"hang", "N", "from the N-th erase or program on the chip stays busy"},
    ParameterHelp{"drop", "BYTES", "the link breaks after so many bytes"},
    ParameterHelp{"carries", "HZ", "the fastest clock that the wiring carries"},
    ParameterHelp{"slow", "FACTOR", "times of the typical ones"},
    ParameterHelp{"id", "HEX", "what the chip answers as its id"},
    ParameterHelp{"silent", "yes", "the chip does not answer"},
};

[[noreturn]] void bad(std::string_view key, std::string_view text, std::string_view form) {
  throw UsageError(fmt::format("programmer sim: {}={} does not parse", key, text),
                   std::string(form));
}

double parse_real(std::string_view key, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= 0) || value > 1e6) bad(key, text, "a number");
  return value;
}

StuckBit parse_stuck(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) bad("stuck", text, "ADDRESS:BIT:VALUE");
  StuckBit stuck;
  stuck.address = parse_number("stuck", text.substr(0, first));
  const std::uint64_t bit = parse_number("stuck", text.substr(first + 1, second - first - 1));
  const std::uint64_t value = parse_number("stuck", text.substr(second + 1));
  if (bit > 7 || value > 1) bad("stuck", text, "ADDRESS:BIT:VALUE, bit 0 to 7, value 0 or 1");
  stuck.bit = static_cast<unsigned>(bit);
  stuck.value = value != 0;
  return stuck;
}

Buffer parse_hex(std::string_view key, std::string_view text) {
  Buffer bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(
        parse_number(key, std::string("0x") + std::string(text.substr(i, 2)))));
  if (text.size() % 2 != 0 || bytes.empty() || bytes.size() > 8)
    bad(key, text, "pairs of hexadecimal digits");
  return bytes;
}

}  // namespace

std::span<const ParameterHelp> fault_parameters() { return help; }

std::uint64_t parse_number(std::string_view key, std::string_view text) {
  const std::string_view whole = text;
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    bad(key, whole, "a number");
  return value;
}

Faults parse_faults(const Parameters& parameters) {
  Faults faults;
  const auto number = [&](const char* key, std::uint64_t& value) {
    if (const auto text = parameters.get(key)) value = parse_number(key, *text);
  };
  if (const auto text = parameters.get("stuck")) faults.stuck.push_back(parse_stuck(*text));
  if (const auto text = parameters.get("flip")) faults.flip_address = parse_number("flip", *text);
  number("noise", faults.flip_every);
  number("ignore_erase", faults.ignore_erase);
  number("cut_erase", faults.cut_erase);
  number("cut_program", faults.cut_program);
  number("hang", faults.hang);
  number("drop", faults.drop_after);
  number("carries", faults.carries);
  if (const auto text = parameters.get("cut_at")) faults.cut_at = parse_real("cut_at", *text);
  if (faults.cut_at > 1) bad("cut_at", *parameters.get("cut_at"), "0.0 to 1.0");
  if (const auto text = parameters.get("slow")) faults.slow = parse_real("slow", *text);
  if (const auto text = parameters.get("id")) faults.id = parse_hex("id", *text);
  if (const auto text = parameters.get("silent")) {
    if (*text != "yes" && *text != "no") bad("silent", *text, "yes or no");
    faults.silent = *text == "yes";
  }
  return faults;
}

}  // namespace romwright::flash
