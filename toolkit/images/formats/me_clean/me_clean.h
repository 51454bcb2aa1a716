// SPDX-License-Identifier: GPL-2.0-or-later
// Cleans firmware of the Management Engine: takes out of a region, alone or in a full image, what a
// machine starts without. Byte for byte what me_cleaner 1.2 does, after a failure too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_clean/me_firmware.h"
#include "toolkit/images/formats/me_clean/me_report.h"

namespace romwright::images {

enum class MeSoftDisable {
  no,
  too,   ///< clean, and set HAP or AltMeDisable
  only,  ///< set the bit and leave the firmware as it is
};

struct MeCleanOptions {
  bool relocate = false;
  bool truncate = false;
  bool keep_modules = false;
  std::vector<std::string> whitelist;  ///< stay besides FTPR
  std::vector<std::string> blacklist;  ///< go, and all others stay
  MeSoftDisable soft_disable = MeSoftDisable::no;
  bool drop_access = false;         ///< to the other regions, in the descriptor
  bool extract_descriptor = false;  ///< of a full image, into MeCleaning::descriptor
  bool extract_me = false;          ///< of a full image, into MeCleaning::me
  bool check_only = false;          ///< change nothing

  /// Throws UsageError for options that exclude each other.
  void check() const;
};

/// What came of it.
struct MeCleaning {
  Buffer image;  ///< the input, changed
  std::optional<Buffer> descriptor;
  std::optional<Buffer> me;
  /// Why it ended early, or why what came out is not to be trusted. What is above is as far as it
  /// had got then.
  std::optional<ImageError> failure;

  // The report.
  bool full_image = false;
  Range region;                        ///< in the image as it was; empty where there is none
  std::optional<MeFirmware> firmware;  ///< as it was; nothing where there is no region
  std::vector<MePartitionFate> partitions;
  std::vector<MeModuleFate> modules;
  bool modules_skipped = false;               ///< their table could not be read
  bool wiped = false;                         ///< generation 1, and ME 6 "Ignition"
  std::optional<std::uint64_t> code_offset;   ///< where FTPR lies now
  std::optional<std::uint64_t> minimum_size;  ///< what the region needs now
  std::optional<bool> disabled;  ///< the bit in the descriptor, as it is now; full images only
  std::optional<bool> signature_valid;
};

/// Whether cleaning takes `image` for a full one: no region, but a flash descriptor at its start.
[[nodiscard]] bool is_full_image(ConstBytes image);

/// Cleans `image`. Throws UsageError for options that do not go together or with this input, and
/// ImageError where `image` is no firmware that can be cleaned; then there is no output. All later
/// failures are in the result. At most 128 MiB come out.
[[nodiscard]] MeCleaning clean_me(Buffer image, const MeCleanOptions& options);

}  // namespace romwright::images
