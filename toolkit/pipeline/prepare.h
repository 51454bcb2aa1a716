// SPDX-License-Identifier: GPL-2.0-or-later
// Makes a release's ROMs complete: vendor files in, checked against the release's hashes, MAC set.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/error.h"
#include "flash/base/event.h"
#include "flash/base/problem.h"
#include "toolkit/images/release.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/insertion.h"
#include "toolkit/pipeline/steps/mac.h"

namespace romwright::pipeline {

/// Everything that preparing needs to know; a value.
struct PreparePlan {
  manifests::Board board;
  std::vector<Insertion> insertions;
  std::vector<images::RomEntry> roms;  ///< those that are wanted
  MacPolicy mac;
};

/// One line a step, as a dry run prints it.
std::vector<std::string> describe(const PreparePlan& plan);

/// A ROM that is complete.
struct PreparedRom {
  images::RomEntry entry;  ///< as it came
  std::string name;        ///< without the prefix
  std::string member;      ///< its path in a release
  Buffer content;
  std::string sha512;     ///< of the content
  bool verified = false;  ///< equal to the release's hash before the MAC was set
  std::optional<images::Mac> old_mac, new_mac;
};

/// One line a vendor file that `plan` inserts: at hand or, with `may_download`, to be downloaded.
/// `local` must download nothing. Throws VendorError naming every file that is missing.
std::vector<std::string> describe_files(const PreparePlan& plan, const vendor::VendorStore& local,
                                        bool may_download, Run& run);

/// The vendor files of a plan, each read once.
class VendorFiles {
 public:
  /// Loads what `plan` inserts from `store`, which must outlive this, as must `run`. Throws
  /// VendorError naming every file that is missing. Where all ROMs look complete, a file is loaded
  /// only when one of them needs it after all.
  VendorFiles(const PreparePlan& plan, const vendor::VendorStore& store, Run& run);
  /// Callable from several threads. Throws VendorError where it is missing.
  [[nodiscard]] ConstBytes at(const vendor::WantedFile& file) const;

 private:
  const vendor::VendorStore& store_;
  Run& run_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Buffer> files_;  ///< by SHA-512
};

/// Makes one ROM complete. `hashes` are the release's, or nullptr. Throws ImageError where the hash
/// is wrong or the image damaged, RefusedError where it is not this board's, VendorError where it
/// holds another file than the pinned one.
PreparedRom prepare_rom(const PreparePlan& plan, images::Rom rom, const images::HashList* hashes,
                        const VendorFiles& files, Run& run);

/// Prepares every ROM of the plan, several at once, and hands each to `take`, one call at a time,
/// in the order in which they are done. Every ROM's error is reported, not only the first.
void prepare_release(images::Release& release, const PreparePlan& plan, const VendorFiles& files,
                     const std::function<void(PreparedRom)>& take, Run& run);

}  // namespace romwright::pipeline
