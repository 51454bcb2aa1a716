// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/recipe.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "toolkit/manifests/node_values.h"
#include "toolkit/manifests/schema_check.h"

namespace romwright::manifests {

namespace {

const Schema& schema_of(const Schema& object, std::string_view key) {
  for (const Field& field : object.fields)
    if (field.name == key) return *field.schema;
  throw Error(fmt::format("the schema has no '{}'", key));
}

Download download_of(const YamlNode& node) {
  return {text_at(node, "sha512"), size_at(node, "size"), texts_at(node, "urls"),
          line_of_text(node, "source")};
}

std::vector<ExtractStep> steps_of(const YamlDocument& document) {
  const Schema& step = *schema_of(recipe_schema(), "extract").item;
  std::vector<ExtractStep> steps;
  for (const YamlNode* node : items_at(document.root, "extract")) {
    nlohmann::json value = value_of(*node, step);
    const auto only = value.begin();
    steps.push_back({only.key(), std::move(only.value()), document.mark(node->place)});
  }
  return steps;
}

void check_results(const YamlDocument& document) {
  std::vector<ManifestError> errors;
  std::set<std::string> names;
  for (const YamlNode* node : items_at(document.root, "results")) {
    const YamlNode* name = node->find("name");
    if (!names.insert(name->text).second && errors.size() < most_problems)
      errors.push_back(
          document.error(name->place, fmt::format("results: '{}' is there twice", name->text)));
  }
  throw_all(errors);
}

}  // namespace

Recipe parse_recipe(const YamlDocument& document) {
  throw_all(check_schema(document, recipe_schema()));
  check_results(document);
  const YamlNode& root = document.root;
  Recipe recipe;
  recipe.name = text_at(root, "file");
  recipe.title = line_of_text(root, "title");
  recipe.kind = text_at(root, "kind");
  if (const YamlNode* node = root.find("download")) recipe.download = download_of(*node);
  recipe.extract = steps_of(document);
  for (const YamlNode* node : items_at(root, "results"))
    recipe.results.push_back(
        {text_at(*node, "name"), text_at(*node, "sha512"), size_at(*node, "size")});
  recipe.missing = line_of_text(root, "missing");
  recipe.file = document.file;
  return recipe;
}

Recipe load_recipe(const std::filesystem::path& path) { return parse_recipe(read_yaml(path)); }

}  // namespace romwright::manifests
