// SPDX-License-Identifier: GPL-2.0-or-later
// The hash over all file headers of COREBOOT that a verified boot's bootblock holds, and its
// anchor. Source: coreboot, CONFIG_CBFS_VERIFICATION: metadata_hash.h, cbfs_private.h, vb2_hash.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "flash/base/bytes.h"
#include "flash/base/digest.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"

namespace romwright::images {

/// vboot's algorithm of that number: 1 SHA-1, 2 SHA-256, 3 SHA-512; another is an ImageError.
[[nodiscard]] Hash vboot_hash(std::uint32_t algorithm);

/// Where the anchor lies and how it hashes.
class MetadataHash {
 public:
  /// The anchor of the image whose CBFS at `region` holds `files`: in the FMAP area BOOTBLOCK, or
  /// in the file bootblock, or apu/amdfw. Nothing where there is none, and for a CBFS other than
  /// COREBOOT. Throws RefusedError for one that cannot be kept up to date: an algorithm that is not
  /// known, a hash that is wrong already, a bootblock that carries a hash of its own.
  static std::optional<MetadataHash> find(ConstBytes image, const Range& region,
                                          std::span<const CbfsFile> files);

  /// vboot's number: 1 SHA-1, 2 SHA-256, 3 SHA-512.
  [[nodiscard]] std::uint32_t algorithm() const noexcept { return algorithm_; }
  /// The hash itself, in the image.
  [[nodiscard]] const Range& where() const noexcept { return where_; }
  /// The hash over the headers and attributes of all `files`. Throws RefusedError for a header that
  /// is larger than coreboot reads.
  [[nodiscard]] Buffer hash_metadata(ConstBytes image, std::span<const CbfsFile> files) const;

 private:
  MetadataHash(std::uint32_t algorithm, Range where) : algorithm_(algorithm), where_(where) {}
  std::uint32_t algorithm_;
  Range where_;
};

}  // namespace romwright::images
