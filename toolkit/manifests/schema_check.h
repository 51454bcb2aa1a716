// SPDX-License-Identifier: GPL-2.0-or-later
// Holds a manifest against its schema, and hands out its values afterwards.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "toolkit/manifests/schema.h"
#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

/// Every problem of the document, in the file's order, up to `most_problems`.
std::vector<ManifestError> check_schema(const YamlDocument& document, const Schema& schema);

/// The value of a node that has been checked, with its forms resolved: sizes and numbers are
/// integers, ranges {offset, size}, a single item of a one_or_list a list of one, a step an object
/// of one key.
nlohmann::json value_of(const YamlNode& node, const Schema& schema);

}  // namespace romwright::manifests
