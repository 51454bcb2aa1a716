// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/schema_check.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "flash/base/nearest.h"
#include "toolkit/manifests/scalars.h"
#include "toolkit/manifests/shapes.h"

namespace romwright::manifests {

namespace {

using Kind = YamlNode::Kind;

const Field* find_field(std::span<const Field> fields, std::string_view name) {
  const auto at =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return at == fields.end() ? nullptr : &*at;
}

/// "did you mean 'size'?", or all that there are.
std::string suggest(std::string_view given, const std::vector<std::string_view>& known) {
  const std::string close = nearest(given, known);
  if (!close.empty()) return fmt::format("did you mean '{}'?", close);
  return known.empty() ? "none is allowed here" : fmt::format("known: {}", fmt::join(known, ", "));
}

std::vector<std::string_view> names_of(std::span<const Field> fields) {
  std::vector<std::string_view> names;
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

/// A value as a message quotes it.
std::string quote(std::string_view text) {
  constexpr std::size_t longest = 60;
  return text.size() <= longest ? fmt::format("'{}'", text)
                                : fmt::format("'{}...'", text.substr(0, longest));
}

/// "key" inside "outer".
std::string join_path(std::string_view outer, std::string_view key) {
  return outer.empty() ? std::string(key) : fmt::format("{}.{}", outer, key);
}

class Checker {
 public:
  explicit Checker(const YamlDocument& document) : document_(document) {}

  /// `path` is where `node` stands: "image.size".
  void check(const YamlNode& node, const Schema& schema, const std::string& path) {
    switch (schema.shape) {
      case Shape::list:
        check_list(node, schema, path);
        return;
      case Shape::one_or_list:
        if (node.kind == Kind::list)
          check_list(node, schema, path);
        else
          check(node, *schema.item, path);
        return;
      case Shape::map:
        if (!require(node, Kind::map, schema, path)) return;
        for (const YamlNode& value : node.items) check_entry(value, schema, path);
        return;
      case Shape::object:
        if (require(node, Kind::map, schema, path)) check_object(node, schema, path);
        return;
      case Shape::step:
        check_step(node, schema, path);
        return;
      default:
        if (require(node, Kind::scalar, schema, path)) check_scalar(node, schema, path);
    }
  }

  std::vector<ManifestError> take() { return std::move(errors_); }

 private:
  void report(Place place, std::string what, std::string hint = {}) {
    if (errors_.size() < most_problems)
      errors_.push_back(document_.error(place, std::move(what), std::move(hint)));
  }

  bool require(const YamlNode& node, Kind kind, const Schema& schema, const std::string& path) {
    if (node.kind == kind) return true;
    constexpr std::string_view kinds[] = {"nothing", "a single value", "a list", "keys"};
    const std::string where = path.empty() ? "the manifest" : path;
    report(node.place,
           node.kind == Kind::null
               ? fmt::format("{} is empty", where)
               : fmt::format("{} is {}", where, kinds[static_cast<std::size_t>(node.kind)]),
           fmt::format("write {}", describe_shape(schema)));
    return false;
  }

  void check_scalar(const YamlNode& node, const Schema& schema, const std::string& path) {
    const std::string why = refuse_scalar(schema, node.text, node.quoted);
    if (why.empty()) return;
    const std::string what = node.text.empty()
                                 ? fmt::format("{} is empty", path)
                                 : fmt::format("{}: {} {}", path, quote(node.text), why);
    const bool number = !node.text.empty() && node.text.front() >= '0' && node.text.front() <= '9';
    std::string hint = fmt::format("write {}", describe_shape(schema));
    if (schema.shape == Shape::choice || (schema.shape == Shape::number_or_choice && !number))
      hint = suggest(node.text, {schema.choices.begin(), schema.choices.end()});
    else if (node.quoted && refuse_scalar(schema, node.text, false).empty())
      hint = "write it without quotes";
    report(node.place, what, hint);
  }

  void check_list(const YamlNode& node, const Schema& schema, const std::string& path) {
    if (!require(node, Kind::list, schema, path)) return;
    if (node.items.empty()) report(node.place, fmt::format("{} is an empty list", path));
    for (const YamlNode& item : node.items) check(item, *schema.item, path);
  }

  /// An entry of a map, whose key is a name.
  void check_entry(const YamlNode& value, const Schema& schema, const std::string& path) {
    constexpr Schema name{.shape = Shape::name};
    if (!refuse_scalar(name, value.key, false).empty())
      report(value.key_place, fmt::format("{}: {} is no name", path, quote(value.key)),
             fmt::format("write {}", describe_shape(name)));
    check(value, *schema.item, join_path(path, value.key));
  }

  void check_object(const YamlNode& node, const Schema& schema, const std::string& path) {
    for (const YamlNode& value : node.items) {
      if (const Field* field = find_field(schema.fields, value.key))
        check(value, *field->schema, join_path(path, value.key));
      else
        report(value.key_place, fmt::format("unknown key {}", quote(join_path(path, value.key))),
               suggest(value.key, names_of(schema.fields)));
    }
    for (const Field& field : schema.fields)
      if (field.required && node.find(field.name) == nullptr)
        report(node.place, fmt::format("key '{}' is missing", join_path(path, field.name)),
               std::string(field.help));
    for (const Rule& rule : schema.rules) check_rule(node, rule, path);
  }

  void check_rule(const YamlNode& node, const Rule& rule, const std::string& path) {
    if (rule.kind == Rule::Kind::needs) {
      const YamlNode* first = node.find(rule.names[0]);
      if (first != nullptr && node.find(rule.names[1]) == nullptr)
        report(first->key_place, fmt::format("'{}' needs '{}' beside it",
                                             join_path(path, rule.names[0]), rule.names[1]));
      return;
    }
    const YamlNode* first = nullptr;
    for (const std::string_view name : rule.names) {
      const YamlNode* at = node.find(name);
      if (at != nullptr && first != nullptr)
        report(at->key_place,
               fmt::format("'{}' and '{}' exclude each other", join_path(path, name), first->key));
      else if (at != nullptr)
        first = at;
    }
    if (first == nullptr && rule.kind == Rule::Kind::exactly_one)
      report(node.place, fmt::format("{} needs one of '{}'", path, fmt::join(rule.names, "', '")));
  }

  void check_step(const YamlNode& node, const Schema& schema, const std::string& path) {
    const bool single = node.kind == Kind::map && node.items.size() == 1;
    if (node.kind != Kind::scalar && !single) {
      report(node.place, fmt::format("{}: this is no step", path),
             fmt::format("write {}", describe_shape(schema)));
      return;
    }
    const std::string& name = single ? node.items.front().key : node.text;
    const Field* field = find_field(schema.fields, name);
    if (field == nullptr) {
      report(single ? node.items.front().key_place : node.place,
             fmt::format("{}: unknown step {}", path, quote(name)),
             suggest(name, names_of(schema.fields)));
      return;
    }
    YamlNode nothing;
    nothing.kind = Kind::map;
    nothing.place = node.place;
    check(single ? node.items.front() : nothing, *field->schema, join_path(path, name));
  }

  const YamlDocument& document_;
  std::vector<ManifestError> errors_;
};

nlohmann::json list_of(const std::vector<YamlNode>& items, const Schema& schema) {
  nlohmann::json list = nlohmann::json::array();
  for (const YamlNode& item : items) list.push_back(value_of(item, schema));
  return list;
}

}  // namespace

std::vector<ManifestError> check_schema(const YamlDocument& document, const Schema& schema) {
  Checker checker(document);
  checker.check(document.root, schema, {});
  std::vector<ManifestError> errors = checker.take();
  std::stable_sort(errors.begin(), errors.end(), [](const auto& a, const auto& b) {
    return std::pair(a.mark().line, a.mark().column) < std::pair(b.mark().line, b.mark().column);
  });
  return errors;
}

nlohmann::json value_of(const YamlNode& node, const Schema& schema) {
  switch (schema.shape) {
    case Shape::integer:
    case Shape::size:
      return *parse_size(node.text);
    case Shape::number_or_choice:
      if (const auto number = parse_size(node.text); number && !node.quoted) return *number;
      return node.text;
    case Shape::offset:
      return *parse_offset(node.text);
    case Shape::range: {
      const Range range = *parse_range(node.text);
      return {{"offset", range.offset}, {"size", range.size}};
    }
    case Shape::boolean:
      return *parse_boolean(node.text);
    case Shape::list:
      return list_of(node.items, *schema.item);
    case Shape::one_or_list:
      return node.kind == Kind::list ? list_of(node.items, *schema.item)
                                     : nlohmann::json::array({value_of(node, *schema.item)});
    case Shape::map: {
      nlohmann::json map = nlohmann::json::object();
      for (const YamlNode& value : node.items) map[value.key] = value_of(value, *schema.item);
      return map;
    }
    case Shape::object: {
      nlohmann::json object = nlohmann::json::object();
      for (const YamlNode& value : node.items)
        object[value.key] = value_of(value, *find_field(schema.fields, value.key)->schema);
      return object;
    }
    case Shape::step: {
      if (node.kind == Kind::scalar) return {{node.text, nlohmann::json::object()}};
      const YamlNode& parameters = node.items.front();
      return {{parameters.key,
               value_of(parameters, *find_field(schema.fields, parameters.key)->schema)}};
    }
    default:
      return node.text;
  }
}

}  // namespace romwright::manifests
