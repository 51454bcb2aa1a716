// SPDX-License-Identifier: GPL-2.0-or-later
// Adds files to a CBFS and removes them, placing every byte as coreboot's cbfstool does.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"
#include "toolkit/images/formats/cbfs/cbfs_position.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"

namespace romwright::images {

class MetadataHash;

struct CbfsAddOptions {
  std::uint32_t type = CbfsType::raw;
  std::optional<CbfsPosition> position;  ///< of the content; absent: the first place that fits
  std::uint32_t alignment = 0;           ///< of the content in the image, a power of two; 0: any
  CbfsCompression compression = CbfsCompression::none;  ///< none, lzma or lz4
  std::uint32_t padding = 0;             ///< bytes reserved in the header (cbfstool -p)
  bool generate_attributes = false;      ///< record position and alignment (cbfstool -g)
};

/// A CBFS at `region` of `image`. An operation that throws leaves the image as it was. Files that an
/// Intel FIT points to, microcode, and the master header stay where they are: whatever would change
/// them is a RefusedError. Where the image holds a metadata hash, it is computed anew.
class CbfsEditor {
 public:
  CbfsEditor(Bytes image, Range region);

  /// Adds `content` under `name`, which must not exist (ImageError "NAME: exists already").
  /// Throws ImageError where it does not fit, or the position is not free.
  void add(std::string_view name, ConstBytes content, const CbfsAddOptions& options = {});
  /// Adds a program: an ELF executable, rmodtool's ELF, the ELF that cbfstool extracts from an
  /// rmodule, or an rmodule itself. The type is stage.
  void add_stage(std::string_view name, ConstBytes program, const CbfsAddOptions& options = {});
  /// Adds an Intel FSP, relocated to the address where it comes to lie: at the position, or at the
  /// first place aligned to 4096 bytes. The type is fsp.
  void add_fsp_xip(std::string_view name, ConstBytes fsp, const CbfsAddOptions& options = {});
  /// Removes the first file of that name; one that is not there is an ImageError.
  void remove(std::string_view name);

  [[nodiscard]] CbfsView view() const { return {image_, region_}; }

 private:
  struct Place;
  [[nodiscard]] std::optional<std::uint64_t> resolved(const CbfsAddOptions& options) const;
  void place(std::string_view name, Buffer header, ConstBytes content,
             std::optional<std::uint64_t> at);

  Bytes image_;
  Range region_;
};

}  // namespace romwright::images
