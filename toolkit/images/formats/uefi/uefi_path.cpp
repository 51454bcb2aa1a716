// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_path.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "toolkit/images/formats/uefi/uefi_section.h"

namespace romwright::images {
namespace {

constexpr std::string_view kind_names[] = {"raw",   "pe32",     "te",    "ui",
                                           "depex", "freeform", "volume"};

bool is_of(UefiSectionKind kind, std::uint8_t type) noexcept {
  switch (kind) {
    case UefiSectionKind::raw:
      return type == UefiSectionType::raw;
    case UefiSectionKind::pe32:
      return type == UefiSectionType::pe32;
    case UefiSectionKind::te:
      return type == UefiSectionType::te;
    case UefiSectionKind::ui:
      return type == UefiSectionType::ui;
    case UefiSectionKind::freeform:
      return type == UefiSectionType::freeform;
    case UefiSectionKind::volume:
      return type == UefiSectionType::volume;
    case UefiSectionKind::depex:
      break;
  }
  return type == UefiSectionType::dxe_depex || type == UefiSectionType::pei_depex ||
         type == UefiSectionType::mm_depex;
}

/// How strictly the steps are taken.
struct Rules {
  bool direct;   // children only
  bool indices;  // a GUID's index counts
};

class Search {
 public:
  Search(std::span<const UefiStep> path, Rules rules) : path_(path), rules_(rules) {}

  const UefiNode* below(const UefiNode& node, std::size_t step) {
    if (step == path_.size()) return &node;
    // What led nowhere once is not tried again: many ways meet.
    if (!tried_.insert({&node, step}).second) return nullptr;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const UefiNode& child = node.children[i];
      if (matches(child, path_[step], i))
        if (const UefiNode* found = below(child, step + 1)) return found;
      if (!rules_.direct)
        if (const UefiNode* found = below(child, step)) return found;
    }
    return nullptr;
  }

 private:
  [[nodiscard]] bool matches(const UefiNode& node, const UefiStep& step, std::size_t index) const {
    if (step.guid) {
      if (!node.is(*step.guid)) return false;
      return !rules_.indices || !step.index || *step.index == index;
    }
    return node.kind == UefiNode::Kind::section && step.section &&
           is_of(*step.section, node.type) && (!step.index || *step.index == index);
  }

  std::span<const UefiStep> path_;
  Rules rules_;
  std::set<std::pair<const UefiNode*, std::size_t>> tried_;
};

}  // namespace

std::optional<UefiSectionKind> parse_uefi_section_kind(std::string_view name) noexcept {
  const auto* at = std::ranges::find(kind_names, name);
  if (at == std::end(kind_names)) return std::nullopt;
  return static_cast<UefiSectionKind>(at - std::begin(kind_names));
}

std::string to_string(const UefiStep& step) {
  std::string text = step.guid ? to_string(*step.guid)
                     : step.section
                         ? std::string(kind_names[static_cast<std::size_t>(*step.section)])
                         : "";
  if (step.index) text += fmt::format("[{}]", *step.index);
  return text;
}

const UefiNode* find_uefi_node(const UefiTree& tree, std::span<const UefiStep> path) {
  if (path.empty()) return nullptr;
  for (const Rules rules : {Rules{true, true}, Rules{false, true}, Rules{false, false}})
    if (const UefiNode* found = Search(path, rules).below(tree.root(), 0)) return found;
  return nullptr;
}

ConstBytes uefi_payload(const UefiNode& node) noexcept {
  return node.kind == UefiNode::Kind::volume ? node.bytes : node.content;
}

}  // namespace romwright::images
