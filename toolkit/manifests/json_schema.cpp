// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/json_schema.h"

#include <nlohmann/json.hpp>

#include "toolkit/manifests/shapes.h"

namespace romwright::manifests {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Schema& schema);

/// Numbers may be written as text where they have a unit or a form that YAML does not know.
Json number(const Schema& schema, std::int64_t least) {
  Json integer = {{"type", "integer"}, {"minimum", least}};
  if (schema.least > 0) integer["minimum"] = schema.least;
  if (schema.most != UINT64_MAX) integer["maximum"] = schema.most;
  return integer;
}

Json text(std::string_view pattern) {
  Json json = {{"type", "string"}};
  if (pattern.empty())
    json["minLength"] = 1;
  else
    json["pattern"] = pattern;
  return json;
}

/// YAML reads a word such as 2170 as a number; where text is wanted it stands for itself.
Json word(std::string_view pattern) {
  Json json = text(pattern);
  json["type"] = {"string", "number"};
  return json;
}

Json rule_of(const Rule& rule) {
  const auto required = [](std::string_view name) {
    return Json{{"required", Json::array({name})}};
  };
  if (rule.kind == Rule::Kind::needs)
    return {{"dependentRequired", {{rule.names[0], Json::array({rule.names[1]})}}}};
  Json alternatives = Json::array();
  for (const std::string_view name : rule.names) alternatives.push_back(required(name));
  if (rule.kind == Rule::Kind::exactly_one) return {{"oneOf", alternatives}};
  return {{"not", {{"allOf", alternatives}}}};
}

Json object_of(const Schema& schema) {
  Json json = {{"type", "object"}, {"additionalProperties", false}};
  Json required = Json::array();
  Json properties = Json::object();
  for (const Field& field : schema.fields) {
    properties[std::string(field.name)] = json_of(*field.schema);
    properties[std::string(field.name)]["description"] = field.help;
    if (field.required) required.push_back(field.name);
  }
  if (!required.empty()) json["required"] = required;
  if (!properties.empty()) json["properties"] = properties;
  Json rules = Json::array();
  for (const Rule& rule : schema.rules) rules.push_back(rule_of(rule));
  if (!rules.empty()) json["allOf"] = rules;
  return json;
}

bool has_required(const Schema& schema) {
  for (const Field& field : schema.fields)
    if (field.required) return true;
  for (const Rule& rule : schema.rules)
    if (rule.kind == Rule::Kind::exactly_one) return true;
  return false;
}

/// A name alone, where a step needs no parameters, or a map of one key.
Json step_of(const Schema& schema) {
  Json alone = Json::array();
  Json properties = Json::object();
  for (const Field& field : schema.fields) {
    if (!has_required(*field.schema)) alone.push_back(field.name);
    properties[std::string(field.name)] = json_of(*field.schema);
    properties[std::string(field.name)]["description"] = field.help;
  }
  return {{"oneOf", Json::array({{{"enum", alone}},
                                 {{"type", "object"},
                                  {"additionalProperties", false},
                                  {"minProperties", 1},
                                  {"maxProperties", 1},
                                  {"properties", properties}}})}};
}

Json list_of(const Schema& item) {
  return {{"type", "array"}, {"minItems", 1}, {"items", json_of(item)}};
}

Json json_of(const Schema& schema) {
  switch (schema.shape) {
    case Shape::integer:
      return number(schema, 0);
    case Shape::size:
      return {{"oneOf", Json::array({number(schema, 0), text(pattern_of(schema.shape))})}};
    case Shape::offset:
      return {{"oneOf", Json::array({number(schema, INT64_MIN), text(pattern_of(schema.shape))})}};
    case Shape::boolean:
      return {{"type", "boolean"}};
    case Shape::choice:
      return {{"enum", schema.choices}};
    case Shape::number_or_choice:
      return {{"oneOf", Json::array({{{"enum", schema.choices}}, number(schema, 0)})}};
    case Shape::list:
      return list_of(*schema.item);
    case Shape::one_or_list:
      return {{"oneOf", Json::array({json_of(*schema.item), list_of(*schema.item)})}};
    case Shape::map:
      return {{"type", "object"},
              {"propertyNames", {{"pattern", pattern_of(Shape::name)}}},
              {"additionalProperties", json_of(*schema.item)}};
    case Shape::object:
      return object_of(schema);
    case Shape::step:
      return step_of(schema);
    case Shape::text:
    case Shape::name:
    case Shape::pattern:
      return word(pattern_of(schema.shape));
    default:
      return text(pattern_of(schema.shape));
  }
}

}  // namespace

std::string json_schema(ManifestKind kind) {
  const auto make = [](std::string_view title, const Schema& schema) {
    Json json = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
    json.update(json_of(schema));
    return json.dump(2) + "\n";
  };
  switch (kind) {
    case ManifestKind::board:
      return make("romwright board manifest", board_schema());
    case ManifestKind::vendorfile:
      return make("romwright vendor file", recipe_schema());
    case ManifestKind::batch:
      return make("romwright batch plan", batch_schema());
    default:
      return make("romwright configuration", configuration_schema());
  }
}

}  // namespace romwright::manifests
