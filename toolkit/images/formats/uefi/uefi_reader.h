// SPDX-License-Identifier: GPL-2.0-or-later
// Builds the tree of a UEFI image: the way down, with its limits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "toolkit/images/formats/uefi/uefi_tree.h"
#include "toolkit/images/formats/uefi/uefi_unpack.h"

namespace romwright::images {

class UefiReader {
 public:
  UefiReader(const UefiLimits& limits, std::vector<std::unique_ptr<Buffer>>& contents,
             Problems& problems);

  /// Gives `parent` the volumes in its content, and the padding between them. Leaves it without
  /// children where there is no volume.
  void read_area(UefiNode& parent);

 private:
  void read_volume(UefiNode& parent, ConstBytes bytes);
  void read_files(UefiNode& volume, const struct UefiVolumeHeader& header);
  void read_file(UefiNode& volume, ConstBytes bytes, const struct UefiFileHeader& header);
  void read_sections(UefiNode& parent);
  void read_section(UefiNode& parent, ConstBytes bytes, const UefiSectionHeader& header);
  void unpack(UefiNode& section, const UefiSectionHeader& header);
  void read_padding(UefiNode& parent, ConstBytes bytes);

  /// Appends a node with this kind and these bytes, unless there are too many.
  UefiNode* add(UefiNode& parent, UefiNode::Kind kind, ConstBytes bytes, std::uint64_t header_size);
  void warn(const UefiNode& parent, std::string what);
  /// Runs `body` one level deeper, unless that is too deep.
  template <typename Body>
  void deeper(const UefiNode& node, Body&& body);

  UefiLimits limits_;
  UefiBudget budget_;
  std::vector<std::unique_ptr<Buffer>>& contents_;
  Problems& problems_;
  std::size_t nodes_ = 0;
  int depth_ = 0;
};

}  // namespace romwright::images
