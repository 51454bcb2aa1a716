// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/board.h"

#include <array>
#include <string_view>
#include <utility>

#include "toolkit/manifests/board_rules.h"
#include "toolkit/manifests/node_values.h"
#include "toolkit/manifests/scalars.h"
#include "toolkit/manifests/schema_check.h"

namespace romwright::manifests {

namespace {

/// The value that `names` has for the text of `key`; `otherwise` where it is absent.
template <typename Value, std::size_t count>
Value choice_at(const YamlNode& map, std::string_view key,
                const std::array<std::pair<std::string_view, Value>, count>& names,
                Value otherwise) {
  const std::string text = text_at(map, key);
  for (const auto& [name, value] : names)
    if (name == text) return value;
  return otherwise;
}

const YamlNode& map_at(const YamlNode& map, std::string_view key) {
  static const YamlNode none;
  const YamlNode* node = map.find(key);
  return node == nullptr ? none : *node;
}

Machine machine_of(const YamlNode& node) {
  Machine machine;
  for (const YamlNode* item : items_at(node, "dmi"))
    machine.dmi.push_back({text_at(*item, "vendor"), text_at(*item, "product"),
                           text_at(*item, "version"), text_at(*item, "board")});
  for (const YamlNode* item : items_at(node, "coreboot"))
    machine.coreboot.push_back({text_at(*item, "vendor"), text_at(*item, "part")});
  return machine;
}

BoardImage image_of(const YamlNode& node) {
  BoardImage image{*size_at(node, "size"), flag_at(node, "part_of_chip"), std::nullopt};
  if (const YamlNode* descriptor = node.find("descriptor")) {
    image.descriptor.emplace().platform = text_at(*descriptor, "platform");
    for (const YamlNode& region : map_at(*descriptor, "expect").items)
      image.descriptor->expect[region.key] = *parse_range(region.text);
  }
  return image;
}

BoardCbfs cbfs_of(const YamlNode& node) {
  BoardCbfs cbfs{size_at(node, "size"), {}};
  for (const YamlNode& option : map_at(node, "options").items)
    cbfs.options[option.key] = *parse_size(option.text);
  return cbfs;
}

FileReference reference_of(const YamlDocument& document, const YamlNode& node) {
  const YamlNode& file = map_at(node, "file");
  return {file.text, text_at(node, "result"), document.mark(file.place),
          document.line(file.place.line)};
}

Insert insert_of(const YamlDocument& document, const YamlNode& node) {
  Insert insert{reference_of(document, node), RegionTarget{text_at(node, "region")}};
  if (node.find("cbfs") == nullptr) return insert;
  CbfsTarget target;
  target.name = text_at(node, "cbfs");
  target.type = text_at(node, "type");
  // A number in whichever form becomes a decimal one.
  if (const auto number = size_at(node, "type")) target.type = std::to_string(*number);
  if (const auto address = size_at(node, "address"))
    target.address = static_cast<std::uint32_t>(*address);
  if (const YamlNode* offset = node.find("offset")) target.offset = parse_offset(offset->text);
  target.xip = flag_at(node, "xip");
  insert.target = std::move(target);
  return insert;
}

InternalWrite internal_of(const YamlNode& node) {
  constexpr std::array<std::pair<std::string_view, FromVendorFirmware>, 3> names{
      {{"never", FromVendorFirmware::never},
       {"always", FromVendorFirmware::always},
       {"with_notes", FromVendorFirmware::with_notes}}};
  InternalWrite internal;
  for (const YamlNode& option : map_at(node, "options").items)
    internal.options[option.key] = option.text;
  internal.from_vendor_firmware =
      choice_at(node, "from_vendor_firmware", names, FromVendorFirmware::unknown);
  internal.boot_block_swap = size_at(node, "boot_block_swap");
  return internal;
}

Note note_of(const YamlNode& node) {
  constexpr std::array<std::pair<std::string_view, NoteTime>, 4> names{
      {{"prepare", NoteTime::prepare},
       {"internal", NoteTime::internal},
       {"external", NoteTime::external},
       {"boot", NoteTime::boot}}};
  return {choice_at(node, "before", names, NoteTime::always), line_of_text(node, "text")};
}

}  // namespace

Board parse_board(const YamlDocument& document) {
  throw_all(check_schema(document, board_schema()));
  const YamlNode& root = document.root;
  Board board;
  board.name = text_at(root, "board");
  board.title = line_of_text(root, "title");
  board.aliases = texts_at(root, "aliases");
  board.machine = machine_of(map_at(root, "machine"));
  const YamlNode& coreboot = map_at(root, "coreboot");
  board.coreboot = {text_at(coreboot, "tree"), text_at(coreboot, "mainboard"),
                    text_at(coreboot, "variant")};
  board.image = image_of(map_at(root, "image"));
  for (const YamlNode* chip : items_at(root, "chips"))
    board.chips.push_back({text_at(*chip, "name"), *size_at(*chip, "size")});
  board.cbfs = cbfs_of(map_at(root, "cbfs"));
  for (const YamlNode* node : items_at(root, "insert"))
    board.insert.push_back(insert_of(document, *node));
  for (const YamlNode* node : items_at(root, "separate_chip"))
    board.separate_chips.push_back(
        {text_at(*node, "name"), *size_at(*node, "size"), reference_of(document, *node)});
  board.default_mac = text_at(map_at(root, "gbe"), "default_mac");
  board.internal = internal_of(map_at(root, "internal"));
  for (const YamlNode* node : items_at(root, "notes")) board.notes.push_back(note_of(*node));
  board.file = document.file;
  throw_all(check_board(document, board));
  return board;
}

Board load_board(const std::filesystem::path& path) { return parse_board(read_yaml(path)); }

}  // namespace romwright::manifests
