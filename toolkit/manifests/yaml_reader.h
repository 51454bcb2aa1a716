// SPDX-License-Identifier: GPL-2.0-or-later
// YAML as manifests allow it, as a tree of nodes that know their place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/error.h"

namespace romwright::manifests {

/// No manifest is larger.
inline constexpr std::uint64_t largest_manifest = 1U << 20;
/// No manifest is nested deeper.
inline constexpr std::size_t deepest_nesting = 16;
/// More problems than these are not listed.
inline constexpr std::size_t most_problems = 50;

/// Line and column, both from 1; columns count bytes.
struct Place {
  int line = 0;
  int column = 0;
};

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;     ///< of a scalar
  bool quoted = false;  ///< written in quotes or as a block
  Place place;
  std::string key;  ///< in a map: its key, and where that is
  Place key_place;
  std::vector<YamlNode> items;  ///< of a list or map, in the file's order

  /// The value of `name` in a map, or nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view name) const;
};

/// A file's tree with its text, so that every error can show its line.
struct YamlDocument {
  std::string file;
  std::string text;
  YamlNode root;

  [[nodiscard]] Mark mark(Place place) const { return {file, place.line, place.column}; }
  /// The text of a line as messages show it; nothing where it is too long for that.
  [[nodiscard]] std::string line(int number) const;
  /// An error at `place`, with the line there.
  [[nodiscard]] ManifestError error(Place place, std::string what, std::string hint = {}) const;
};

/// Parses one document. Throws ManifestError: what is no YAML, duplicate keys, keys that are no
/// words, anchors, aliases, tags, a second document, and what is nested too deeply; all that are
/// found up to the first that ends the parsing.
YamlDocument parse_yaml(std::string file, std::string text);

/// Reads a manifest file. Throws ManifestError also where it cannot be read or is too large,
/// and as read_file on a requested stop.
YamlDocument read_yaml(const std::filesystem::path& path, const std::stop_token& stop = {});

}  // namespace romwright::manifests
