// SPDX-License-Identifier: GPL-2.0-or-later
// Adds files to a CBFS and removes them, placing every byte as coreboot's cbfstool does.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"
#include "toolkit/images/formats/cbfs/cbfs_position.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"

namespace romwright::images {

struct CbfsAddOptions {
  std::uint32_t type = CbfsType::raw;
  std::optional<CbfsPosition> position;  ///< of the content; absent: the first place that fits
  std::uint32_t alignment = 0;           ///< of the content in the image, a power of two; 0: any
  CbfsCompression compression = CbfsCompression::none;  ///< none, lzma or lz4, where it is smaller
  std::uint32_t hash =
      0;  ///< attribute with the stored content's hash: 1 SHA-1, 2 SHA-256, 3 SHA-512
  std::uint32_t padding = 0;         ///< bytes reserved in the header (cbfstool -p)
  bool generate_attributes = false;  ///< record position and alignment (cbfstool -g)
};

/// A CBFS at `region` of `image`. An operation that throws leaves the image as it was. What an
/// Intel FIT points to, microcode, bootblock and master header stay where they are: whatever would
/// change them is a RefusedError. Where the image holds a metadata hash, new files get the hash
/// attribute that it needs, and it is computed anew; where that is not possible the change is a
/// RefusedError.
class CbfsEditor {
 public:
  CbfsEditor(Bytes image, Range region) : image_(image), region_(region) {}

  /// Adds `content` under `name`, which must be new. Throws ImageError where it does not fit, or
  /// the position is not free. Type fsp stores the bytes as they are.
  void add(std::string_view name, ConstBytes content, const CbfsAddOptions& options = {});
  /// Adds a program as a stage: an ELF executable, rmodtool's ELF, the ELF that cbfstool extracts
  /// from an rmodule, or an rmodule itself. The type is stage.
  void add_stage(std::string_view name, ConstBytes program, const CbfsAddOptions& options = {});
  /// Adds an Intel FSP, relocated to the address where it comes to lie: at the position, or at the
  /// first place of that alignment (4096 bytes where none is given). The type is fsp.
  void add_fsp_xip(std::string_view name, ConstBytes fsp, const CbfsAddOptions& options = {});
  /// Removes the first file of that name; one that is not there is an ImageError.
  void remove(std::string_view name);

  [[nodiscard]] CbfsView view() const { return {image_, region_}; }

 private:
  struct NewFile;
  void add_file(const NewFile& file, const CbfsAddOptions& options);

  Bytes image_;
  Range region_;
};

}  // namespace romwright::images
