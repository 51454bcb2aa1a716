// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/node_values.h"

#include "toolkit/manifests/scalars.h"

namespace romwright::manifests {

std::string text_at(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  return node == nullptr ? std::string() : node->text;
}

std::string line_of_text(const YamlNode& map, std::string_view key) {
  std::string line;
  bool gap = false;
  for (const char c : text_at(map, key)) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = !line.empty();
      continue;
    }
    if (gap) line += ' ';
    gap = false;
    line += c;
  }
  return line;
}

std::optional<std::uint64_t> size_at(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  return node == nullptr ? std::nullopt : parse_size(node->text);
}

bool flag_at(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  return node != nullptr && node->text == "true";
}

std::vector<const YamlNode*> items_at(const YamlNode& map, std::string_view key) {
  std::vector<const YamlNode*> items;
  const YamlNode* node = map.find(key);
  if (node == nullptr) return items;
  if (node->kind != YamlNode::Kind::list) return {node};
  for (const YamlNode& item : node->items) items.push_back(&item);
  return items;
}

std::vector<std::string> texts_at(const YamlNode& map, std::string_view key) {
  std::vector<std::string> texts;
  for (const YamlNode* item : items_at(map, key)) texts.push_back(item->text);
  return texts;
}

}  // namespace romwright::manifests
