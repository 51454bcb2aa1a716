// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a CBFS in place: its files in order, their contents as stored and decompressed.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"

namespace romwright::images {

/// A CBFS at `region` of `image`, which must outlive the view.
class CbfsView {
 public:
  /// Reads every header. Throws ImageError with the entry's offset for one that leaves the region,
  /// has no NUL behind its name or attributes outside its header, and for a region that does not
  /// begin with a file.
  CbfsView(ConstBytes image, Range region);

  /// All files in order of their places, free space included (`empty()`).
  [[nodiscard]] const std::vector<CbfsFile>& files() const& noexcept { return files_; }
  [[nodiscard]] std::vector<CbfsFile> files() && noexcept { return std::move(files_); }
  [[nodiscard]] const Range& region() const noexcept { return region_; }
  /// The first file of that name, or nullptr. Case does not count, as for cbfstool.
  [[nodiscard]] const CbfsFile* find(std::string_view name) const;
  /// The content as stored. A name that is not there is an ImageError.
  [[nodiscard]] ConstBytes raw(std::string_view name) const;
  [[nodiscard]] ConstBytes raw(const CbfsFile& file) const;
  /// The content, decompressed. Throws ImageError for damaged data, for more or less than the
  /// attribute declares, and for what expands beyond 64 MiB.
  [[nodiscard]] Buffer contents(std::string_view name) const;
  [[nodiscard]] Buffer contents(const CbfsFile& file) const;

 private:
  ConstBytes image_;
  Range region_;
  std::vector<CbfsFile> files_;
};

}  // namespace romwright::images
