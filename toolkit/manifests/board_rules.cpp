// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/board_rules.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "toolkit/manifests/node_values.h"
#include "toolkit/manifests/scalars.h"

namespace romwright::manifests {

namespace {

class BoardRules {
 public:
  BoardRules(const YamlDocument& document, const Board& board)
      : document_(document), board_(board) {}

  std::vector<ManifestError> check() {
    check_aliases();
    check_chips();
    check_regions();
    check_insertions();
    return std::move(errors_);
  }

 private:
  void report(Place place, std::string what, std::string hint = {}) {
    if (errors_.size() < most_problems)
      errors_.push_back(document_.error(place, std::move(what), std::move(hint)));
  }

  void check_aliases() {
    std::set<std::string> names{board_.name};
    for (const YamlNode* alias : items_at(document_.root, "aliases"))
      if (!names.insert(alias->text).second)
        report(alias->place, fmt::format("aliases: '{}' is a name of it already", alias->text));
  }

  void check_chips() {
    if (board_.chips.empty()) return;
    const YamlNode& chips = *document_.root.find("chips");
    std::set<std::string> names;
    for (const YamlNode* chip : items_at(document_.root, "chips"))
      if (const YamlNode* name = chip->find("name"); !names.insert(name->text).second)
        report(name->place, fmt::format("chips: '{}' is there twice", name->text));
    std::uint64_t total = 0;
    for (const BoardChip& chip : board_.chips) total += chip.size;
    const std::uint64_t size = board_.image.size;
    if (board_.image.part_of_chip ? total > size : total == size) return;
    report(chips.place,
           fmt::format("chips: together {}, the image has {}", human_size(total), human_size(size)),
           total > size ? "image.part_of_chip: true where that is meant" : "");
  }

  void check_regions() {
    if (!board_.image.descriptor) return;
    const auto& expect = board_.image.descriptor->expect;
    const YamlNode* nodes = document_.root.find("image")->find("descriptor")->find("expect");
    for (auto at = expect.begin(); at != expect.end(); ++at) {
      const auto& [name, range] = *at;
      const Place place = nodes->find(name)->place;
      const bool inside = range.end() <= board_.image.size;
      if (range.empty())
        report(place, fmt::format("region {}: it is empty", name), "leave out what is not there");
      else if (!inside && !(board_.image.part_of_chip && range.offset >= board_.image.size))
        report(place, fmt::format("region {}: {} lies outside the image's {}", name,
                                  to_string(range), human_size(board_.image.size)));
      for (auto other = expect.begin(); other != at; ++other)
        if (range.overlaps(other->second))
          report(place, fmt::format("region {}: {} overlaps region {}: {}", name, to_string(range),
                                    other->first, to_string(other->second)));
    }
  }

  void check_insertions() {
    std::set<std::string> places;
    for (const YamlNode* node : items_at(document_.root, "insert")) {
      const bool region = node->find("region") != nullptr;
      const YamlNode& target = *node->find(region ? "region" : "cbfs");
      if (!places.insert((region ? "region " : "CBFS ") + target.text).second)
        report(target.place, fmt::format("insert: something goes into {} {} already",
                                         region ? "region" : "CBFS", target.text));
      if (region) check_region_target(target);
      check_address(*node);
      check_offset(*node);
    }
  }

  void check_region_target(const YamlNode& target) {
    if (board_.image.descriptor && !board_.image.descriptor->expect.empty() &&
        !board_.image.descriptor->expect.contains(target.text))
      report(target.place,
             fmt::format("insert: region {} is not in image.descriptor.expect", target.text));
  }

  /// The image ends at 4 GiB.
  void check_address(const YamlNode& node) {
    const auto address = size_at(node, "address");
    if (address && (std::uint64_t{1} << 32) - *address > board_.image.size)
      report(node.find("address")->place,
             fmt::format("insert: address {:#x} lies below the image", *address),
             fmt::format("it begins at {:#x}", (std::uint64_t{1} << 32) - board_.image.size));
  }

  void check_offset(const YamlNode& node) {
    const YamlNode* at = node.find("offset");
    if (at == nullptr) return;
    const auto size = parse_size(std::string_view(at->text).substr(at->text.starts_with('-')));
    if (*size >= board_.image.size)
      report(at->place, fmt::format("insert: offset {} lies outside the image's {}", at->text,
                                    human_size(board_.image.size)));
  }

  const YamlDocument& document_;
  const Board& board_;
  std::vector<ManifestError> errors_;
};

}  // namespace

std::vector<ManifestError> check_board(const YamlDocument& document, const Board& board) {
  return BoardRules(document, board).check();
}

}  // namespace romwright::manifests
