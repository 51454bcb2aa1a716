// SPDX-License-Identifier: GPL-2.0-or-later
// A UEFI image as a file's content, and its parts as contents of their own.
#pragma once

#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "toolkit/images/formats/uefi/uefi_path.h"
#include "toolkit/images/formats/uefi/uefi_tree.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// Reads `image`; parts that are handed on keep it, and what was decompressed, alive.
class UefiContent {
 public:
  explicit UefiContent(const Content& image) : state_(std::make_shared<const State>(image)) {}

  [[nodiscard]] const images::UefiTree& tree() const noexcept { return state_->tree; }
  /// What `node`, of this tree, is for.
  [[nodiscard]] Content payload(const images::UefiNode& node) const {
    return {state_, images::uefi_payload(node)};
  }

 private:
  struct State {
    explicit State(const Content& content) : image(content), tree(image.bytes()) {}
    Content image;
    images::UefiTree tree;
  };
  std::shared_ptr<const State> state_;
};

/// The steps of a recipe's parameter `path`.
[[nodiscard]] std::vector<images::UefiStep> uefi_steps(const nlohmann::json& path);

/// What the steps lead to in each of `files`. Throws VendorError, beginning with `extractor`, where
/// that is nothing in any.
[[nodiscard]] ExtractedFiles extract_uefi(const ExtractedFiles& files,
                                          std::span<const images::UefiStep> path,
                                          std::string_view extractor);

}  // namespace romwright::vendor
