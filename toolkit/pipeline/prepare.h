// SPDX-License-Identifier: GPL-2.0-or-later
// Makes a release's ROMs complete: vendor files in, checked against the release's hashes, MAC set.
#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
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
  std::vector<std::string> inserted;  ///< what was absent: "me.bin into region me"
};

/// One line a vendor file that `plan` inserts: at hand or, with `may_download`, to be downloaded.
/// `local` must download nothing. Throws VendorError naming every file that is missing.
std::vector<std::string> describe_files(const PreparePlan& plan, const vendor::VendorStore& local,
                                        bool may_download, Run& run);

/// Vendor files by what they must be, read when they are first needed. Callable from several
/// threads.
class VendorFiles {
 public:
  /// How much of what was read stays in memory.
  static constexpr std::uint64_t kept_size = std::uint64_t{64} << 20;

  /// `store` and `run` must outlive this.
  VendorFiles(const vendor::VendorStore& store, Run& run) : store_(store), run_(run) {}

  /// Reads every file that `plan` inserts, unless all its ROMs look complete. Throws VendorError
  /// naming every file that is missing.
  void require(const PreparePlan& plan) const;
  /// Throws VendorError where it is missing, at every call; it is looked for once.
  [[nodiscard]] std::shared_ptr<const Buffer> at(const vendor::WantedFile& file) const;

 private:
  using Content = std::shared_ptr<const Buffer>;
  [[nodiscard]] Content load(const vendor::WantedFile& file) const;

  const vendor::VendorStore& store_;
  Run& run_;
  mutable std::mutex mutex_;
  mutable std::list<std::pair<std::string, Content>> kept_;  ///< by SHA-512, the last used first
  mutable std::map<std::string, VendorError> missing_;       ///< by SHA-512
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
