// SPDX-License-Identifier: GPL-2.0-or-later
// Values of nodes that the schema has checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

/// The text of `key`, or nothing where it is absent.
std::string text_at(const YamlNode& map, std::string_view key);
/// The same with line breaks and runs of spaces as single spaces.
std::string line_of_text(const YamlNode& map, std::string_view key);
std::optional<std::uint64_t> size_at(const YamlNode& map, std::string_view key);
bool flag_at(const YamlNode& map, std::string_view key);
/// The items of a list, or a single value as a list of one; none where `key` is absent.
std::vector<const YamlNode*> items_at(const YamlNode& map, std::string_view key);
std::vector<std::string> texts_at(const YamlNode& map, std::string_view key);

}  // namespace romwright::manifests
