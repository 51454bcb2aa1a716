// SPDX-License-Identifier: GPL-2.0-or-later
// One file of a CBFS: its header, attributes and places, without its content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_types.h"

namespace romwright::images {

/// The tag of an attribute (coreboot, cbfs_serialized.h).
struct CbfsAttributeTag {
  static constexpr std::uint32_t compression = 0x42435a4c, hash = 0x68736148, position = 0x42435350,
                                 alignment = 0x42434c41, ibb = 0x32494242, padding = 0x47444150,
                                 stage_header = 0x53746748;
};

/// One attribute; `data` lies in the image, behind tag and length.
struct CbfsAttribute {
  std::uint32_t tag = 0;
  Range data;
  friend bool operator==(const CbfsAttribute&, const CbfsAttribute&) = default;
};

/// The stage header attribute: where the program is loaded and entered.
struct CbfsStageHeader {
  std::uint64_t load_address = 0;
  std::uint32_t entry_offset = 0;  ///< from the load address
  std::uint32_t memory_size = 0;   ///< bytes, what is not in the file being zero
  friend bool operator==(const CbfsStageHeader&, const CbfsStageHeader&) = default;
};

/// What the hash attribute holds: vboot's number of the algorithm (1 SHA-1, 2 SHA-256, 3 SHA-512).
struct CbfsHash {
  std::uint32_t algorithm = 0;
  Buffer digest;
  friend bool operator==(const CbfsHash&, const CbfsHash&) = default;
};

/// A file; all ranges and offsets are in the image.
struct CbfsFile {
  std::string name;        ///< empty for free space
  std::uint32_t type = 0;  ///< see CbfsType
  Range entry;             ///< header, attributes and content
  Range data;              ///< the content as stored
  CbfsCompression compression = CbfsCompression::none;
  std::uint32_t decompressed_size =
      0;  ///< as the attribute says; data.size where nothing compresses
  std::vector<CbfsAttribute> attributes;  ///< all, in order
  std::optional<CbfsHash> hash;
  std::optional<std::uint32_t>
      position;  ///< content's offset in the region that the file asked for
  std::optional<std::uint32_t> alignment;  ///< of the content
  std::optional<std::uint32_t> padding;    ///< bytes reserved in the header
  std::optional<CbfsStageHeader> stage;

  /// Free space: type null or deleted.
  [[nodiscard]] bool empty() const noexcept {
    return type == CbfsType::null || type == CbfsType::deleted;
  }
  /// Header and attributes, up to the content.
  [[nodiscard]] Range metadata() const noexcept {
    return {entry.offset, data.offset - entry.offset};
  }
};

}  // namespace romwright::images
