// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/bus/programmer.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"
#include "flash/bus/undriven.h"

namespace romwright::flash {

namespace {

std::string suggestion(std::string_view given, const std::vector<std::string_view>& known) {
  const std::string close = nearest(given, known);
  if (!close.empty()) return fmt::format("did you mean '{}'?", close);
  return known.empty() ? "it takes none" : fmt::format("known: {}", fmt::join(known, ", "));
}

}  // namespace

std::optional<std::string> Parameters::get(std::string_view key) const {
  const auto at = values_.find(std::string(key));
  return at == values_.end() ? std::nullopt : std::optional(at->second);
}

ProgrammerChoice parse_programmer(std::string_view text, Table<ProgrammerEntry> table) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const ProgrammerEntry* entry = find_entry(table, name);
  if (entry == nullptr) {
    const auto* other = std::ranges::find(undriven_programmers, name, &UndrivenProgrammer::name);
    if (other != undriven_programmers.end())
      throw UsageError(
          fmt::format("programmer {}: romwright does not drive the {}", name, other->title),
          "see 'romwright programmers'");
    std::vector<std::string_view> names;
    for (const ProgrammerEntry* known : table) names.push_back(known->name);
    throw UsageError(fmt::format("unknown programmer '{}'", name), suggestion(name, names));
  }
  std::map<std::string, std::string> values;
  std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    const std::size_t equals = item.find('=');
    const std::string_view key = item.substr(0, equals);
    std::vector<std::string_view> keys;
    for (const ParameterHelp& parameter : entry->parameters) keys.push_back(parameter.name);
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw UsageError(fmt::format("programmer {}: unknown parameter '{}'", name, key),
                       suggestion(key, keys));
    if (equals == std::string_view::npos)
      throw UsageError(fmt::format("programmer {}: parameter '{}' needs a value", name, key),
                       fmt::format("{}=VALUE", key));
    if (!values.emplace(key, item.substr(equals + 1)).second)
      throw UsageError(fmt::format("programmer {}: parameter '{}' is given twice", name, key));
  }
  return {entry, Parameters(std::move(values))};
}

}  // namespace romwright::flash
