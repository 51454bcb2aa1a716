// SPDX-License-Identifier: GPL-2.0-or-later
// What a UEFI firmware image holds: volumes, files and sections, one within the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"
#include "toolkit/images/formats/uefi/uefi_guid.h"

namespace romwright::images {

/// One thing in the image. The bytes are the image's own, or decompressed ones that the tree holds.
struct UefiNode {
  enum class Kind {
    area,     ///< the image
    padding,  ///< what lies between volumes, or behind what is damaged
    volume,
    file,
    section,
  };
  Kind kind = Kind::area;
  std::uint8_t type = 0;           ///< of a file or section
  std::optional<UefiGuid> guid;    ///< a volume's file system; a file's, or a section's own
  std::optional<UefiGuid> name;    ///< a volume's, from its extended header
  std::string text;                ///< what a user interface or version section says
  ConstBytes bytes;                ///< header and body
  ConstBytes body;                 ///< behind the header
  ConstBytes content;              ///< the body, decompressed where it is compressed
  std::vector<UefiNode> children;  ///< in their order; a padding counts

  [[nodiscard]] bool is(const UefiGuid& wanted) const noexcept {
    return guid == wanted || name == wanted;
  }
};

/// "8C8CE578-8A3D-4F1C-9935-896185C32DD3", "raw", "padding": the node's part of a path.
[[nodiscard]] std::string to_string(const UefiNode& node);

/// What reading may use up.
struct UefiLimits {
  std::uint64_t one_content = 64ULL << 20;    ///< bytes that one section expands to
  std::uint64_t all_contents = 128ULL << 20;  ///< that all of them do
  std::size_t nodes = 200'000;
  int depth = 32;  ///< of volumes and enclosing sections
};

/// Reads an image that outlives the tree. Damage ends what encloses it, and is told in `problems`;
/// nothing throws.
class UefiTree {
 public:
  explicit UefiTree(ConstBytes image, const UefiLimits& limits = {});

  /// The image; its children are the volumes and what lies between them, none where there is no
  /// volume.
  [[nodiscard]] const UefiNode& root() const noexcept { return root_; }
  /// Checksums that are wrong, and what could not be read; the first 100.
  [[nodiscard]] const Problems& problems() const noexcept { return problems_; }
  /// Visits every node, outer ones first, with its path: "2:8C8C.../0:9E21.../1:raw".
  void each(const std::function<void(const UefiNode&, const std::string& path)>& visit) const;
  /// The first file with this GUID, or nullptr.
  [[nodiscard]] const UefiNode* file(const UefiGuid& guid) const;

 private:
  UefiNode root_;
  std::vector<std::unique_ptr<Buffer>> contents_;
  Problems problems_;
};

}  // namespace romwright::images
