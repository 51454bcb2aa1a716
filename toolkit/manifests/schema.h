// SPDX-License-Identifier: GPL-2.0-or-later
// What a manifest may hold, as a table: the reader checks by it, and JSON Schemas are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace romwright::manifests {

enum class Shape {
  text,
  name,        ///< letters, digits, '_', '-', '.', '+'; begins with a letter or digit
  pattern,     ///< a name or path with '*', '?' and [...], as a shell matches
  sha512,      ///< 128 hexadecimal digits, lower case
  mac,         ///< six pairs of hexadecimal digits with colons
  mac_policy,  ///< keep, random, or a MAC in which x, X and ? are random digits
  guid,        ///< 8-4-4-4-12 hexadecimal digits
  hex,         ///< bytes as pairs of hexadecimal digits
  url,         ///< http or https
  integer,     ///< decimal or 0x..., within `least` and `most`
  size,        ///< as integer, with an optional KiB, MiB, GiB
  offset,      ///< a size that may be negative
  range,       ///< OFFSET+SIZE
  boolean,
  choice,  ///< one of `choices`
  number_or_choice,
  list,         ///< of `item`, at least one
  one_or_list,  ///< an `item`, or a list of them
  map,          ///< names to `item`
  object,       ///< `fields`
  step,         ///< one of `fields`: its name, or a map of one key with its parameters
};

struct Schema;

struct Field {
  std::string_view name;
  const Schema* schema;
  bool required;
  std::string_view help;
};

/// Fields of an object that belong together. `exactly_one`: one of `names` is there. `at_most_one`:
/// no two. `needs`: where the first is there, the second is too.
struct Rule {
  enum class Kind { exactly_one, at_most_one, needs } kind;
  std::span<const std::string_view> names;
};

struct Schema {
  Shape shape;
  std::string_view help = {};  ///< of a value that has a form of its own
  std::span<const std::string_view> choices = {};
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  const Schema* item = nullptr;
  std::span<const Field> fields = {};
  std::span<const Rule> rules = {};
};

enum class ManifestKind { board, vendorfile, batch, configuration };

/// The whole of `layouts/<vendor>/<board>.yaml`.
const Schema& board_schema();
/// The whole of `vendorfiles/<name>.yaml`.
const Schema& recipe_schema();
/// The whole of a plan for `romwright batch`.
const Schema& batch_schema();
/// The whole of the user's `config.yaml`.
const Schema& configuration_schema();

}  // namespace romwright::manifests
