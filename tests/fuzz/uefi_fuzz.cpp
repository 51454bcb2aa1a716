// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as a UEFI image: nothing throws, and all that is found lies where it should.
#include <cstdint>

#include "toolkit/images/formats/uefi/uefi_path.h"

namespace {

using namespace romwright;

bool within(ConstBytes outer, ConstBytes inner) {
  return inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size();
}

void check(const images::UefiNode& node) {
  if (!within(node.bytes, node.body)) __builtin_trap();
  for (const images::UefiNode& child : node.children) {
    if (!within(node.content, child.bytes)) __builtin_trap();
    check(child);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  images::UefiLimits limits;
  limits.one_content = 1 << 20;
  limits.all_contents = 4 << 20;
  limits.nodes = 1000;
  const images::UefiTree tree({data, size}, limits);
  check(tree.root());
  std::size_t count = 0;
  tree.each([&](const images::UefiNode& node, const std::string&) {
    ++count;
    if (node.kind == images::UefiNode::Kind::file && tree.file(*node.guid) == nullptr)
      __builtin_trap();
  });
  if (count > limits.nodes) __builtin_trap();
  const images::UefiStep path[] = {{{}, images::UefiSectionKind::volume, {}},
                                   {{}, images::UefiSectionKind::raw, 0}};
  if (const images::UefiNode* node = images::find_uefi_node(tree, path))
    if (node->kind != images::UefiNode::Kind::section) __builtin_trap();
  return 0;
}
