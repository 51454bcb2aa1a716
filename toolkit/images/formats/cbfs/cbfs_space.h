// SPDX-License-Identifier: GPL-2.0-or-later
// Free space in a CBFS and what is written into it: pure, so that a change is checked before it is
// made.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"

namespace romwright::images {

/// Bytes at `offset` in the image, and blank (0xff) ones behind them.
struct CbfsWrite {
  std::uint64_t offset = 0;
  Buffer bytes;
  std::uint64_t blank = 0;

  [[nodiscard]] Range range() const noexcept { return {offset, bytes.size() + blank}; }
  /// The byte that is written at `at`, an offset in the image inside `range()`.
  [[nodiscard]] std::uint8_t byte_at(std::uint64_t at) const noexcept {
    return at - offset < bytes.size() ? bytes[static_cast<std::size_t>(at - offset)] : 0xff;
  }
};

/// A header and content to place.
struct CbfsPlacement {
  Buffer header;                    ///< as CbfsHeader::finish made it
  ConstBytes content;               ///< as it is stored
  std::optional<std::uint64_t> at;  ///< offset of the content in the image; absent: the first fit
};

/// The free runs of a CBFS: from the first of adjacent free entries to the file behind the last.
class CbfsSpace {
 public:
  /// The free runs of `view`, as if `removed`, one of its files, were free too.
  explicit CbfsSpace(const CbfsView& view, const CbfsFile* removed = nullptr);

  [[nodiscard]] const std::vector<Range>& free() const noexcept { return free_; }
  /// Every free run as one entry.
  [[nodiscard]] std::vector<CbfsWrite> merge() const;
  /// `merge`, with the file in place. Throws ImageError where it does not fit.
  [[nodiscard]] std::vector<CbfsWrite> place(const CbfsPlacement& placement) const;
  /// Where content of `size` bytes behind `header_size` bytes can lie at a multiple of `alignment`
  /// in the image: the first place. Throws ImageError where there is none.
  [[nodiscard]] std::uint64_t locate(std::uint64_t header_size, std::uint64_t size,
                                     std::uint64_t alignment) const;

 private:
  [[nodiscard]] CbfsWrite free_entry(const Range& run, bool last) const;
  [[nodiscard]] const Range& choose(const CbfsPlacement& placement) const;
  void place_in(const Range& run, const CbfsPlacement& placement,
                std::vector<CbfsWrite>& writes) const;

  Range region_;
  std::vector<Range> free_;
};

}  // namespace romwright::images
