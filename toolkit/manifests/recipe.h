// SPDX-License-Identifier: GPL-2.0-or-later
// A vendor file's manifest as plain values: where it is had, how it comes out, what it must be.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "flash/base/error.h"
#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

struct Download {
  std::string sha512;  ///< lower-case digits
  std::optional<std::uint64_t> size;
  std::vector<std::string> urls;  ///< tried in order
  std::string source;             ///< may be empty
};

/// A step of the extraction. `parameters` is an object as the schema of this extractor says, with
/// sizes and numbers as integers and one_or_list as arrays.
struct ExtractStep {
  std::string extractor;
  nlohmann::json parameters = nlohmann::json::object();
  Mark mark;
};

/// A file that comes out.
struct RecipeResult {
  std::string name;
  std::string sha512;  ///< lower-case digits
  std::optional<std::uint64_t> size;
};

struct Recipe {
  std::string name;
  std::string title;  ///< may be empty
  std::string kind;   ///< "intel-me"
  std::optional<Download> download;
  std::vector<ExtractStep> extract;
  std::vector<RecipeResult> results;  ///< at least one
  std::string missing;                ///< one line; may be empty
  std::filesystem::path file;         ///< where it was read from
};

/// The recipe of a document. Throws ManifestError with every problem: what the schema refuses, or,
/// where it refuses nothing, two results of one name.
Recipe parse_recipe(const YamlDocument& document);

/// Reads a vendor file's manifest. Throws as read_yaml and parse_recipe.
Recipe load_recipe(const std::filesystem::path& path);

}  // namespace romwright::manifests
