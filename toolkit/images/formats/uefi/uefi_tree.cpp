// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_tree.h"

#include <fmt/format.h>

#include "toolkit/images/formats/uefi/uefi_reader.h"

namespace romwright::images {
namespace {

using Visit = std::function<void(const UefiNode&, const std::string&)>;

void visit_children(const UefiNode& node, const std::string& path, const Visit& visit) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const UefiNode& child = node.children[i];
    const std::string inner =
        fmt::format("{}{}{}:{}", path, path.empty() ? "" : "/", i, to_string(child));
    visit(child, inner);
    visit_children(child, inner, visit);
  }
}

const UefiNode* find_file(const UefiNode& node, const UefiGuid& guid) {
  for (const UefiNode& child : node.children) {
    if (child.kind == UefiNode::Kind::file && child.guid == guid) return &child;
    if (const UefiNode* found = find_file(child, guid)) return found;
  }
  return nullptr;
}

}  // namespace

std::string to_string(const UefiNode& node) {
  if (node.name) return to_string(*node.name);
  if (node.guid &&
      !(node.kind == UefiNode::Kind::section && node.type == UefiSectionType::freeform))
    return to_string(*node.guid);
  switch (node.kind) {
    case UefiNode::Kind::area:
      return "image";
    case UefiNode::Kind::section:
      return uefi_section_name(node.type);
    case UefiNode::Kind::padding:
    case UefiNode::Kind::volume:
    case UefiNode::Kind::file:
      break;
  }
  return "padding";
}

UefiTree::UefiTree(ConstBytes image, const UefiLimits& limits) {
  root_.bytes = root_.body = root_.content = image;
  UefiReader(limits, contents_, problems_).read_area(root_);
}

void UefiTree::each(const Visit& visit) const { visit_children(root_, "", visit); }

const UefiNode* UefiTree::file(const UefiGuid& guid) const { return find_file(root_, guid); }

}  // namespace romwright::images
