// SPDX-License-Identifier: GPL-2.0-or-later
// Finds out which images a release gives, from memory where it is known already.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "toolkit/pipeline/batch/batch_slot.h"
#include "toolkit/pipeline/batch/memory_budget.h"
#include "toolkit/pipeline/batch/release_index.h"

namespace romwright::pipeline {

/// A release with the ROMs at hand.
struct OpenRelease {
  images::Release release;
  std::vector<MemoryBudget::Share> kept;  ///< of the ROMs that wait in memory
};

/// A release with its slots.
struct ScannedRelease {
  const BatchRelease* release = nullptr;
  std::optional<images::Release> content;  ///< the listing; absent where it cannot be read
  std::optional<OpenRelease> opened;       ///< absent: not opened yet
  std::vector<BatchSlot> slots;
  std::vector<std::string> keys;  ///< of the slots; empty for one that is refused
};

class ReleaseScan {
 public:
  struct Places {
    std::filesystem::path indexes;  ///< what is remembered
    std::filesystem::path spool;    ///< for ROMs that wait
    bool keep = true;               ///< false: nothing is written to `indexes`
  };
  /// All must outlive this.
  ReleaseScan(const BatchSetup& setup, Places places, MemoryBudget& memory, Run& run)
      : setup_(setup), places_(std::move(places)), memory_(memory), run_(run) {}

  /// Callable from several threads. A release that cannot be read has one slot, refused. Throws
  /// Error where an index cannot be written, and InterruptedError.
  [[nodiscard]] ScannedRelease scan(const BatchRelease& release) const;

  /// Opens the release so that `load` finds the ROMs that are `wanted`. Throws as
  /// images::Release::open.
  [[nodiscard]] OpenRelease open(const BatchRelease& release, images::WantsRom wanted) const {
    return open(release, std::move(wanted), nullptr);
  }

 private:
  /// ROMs that wait in memory; others wait in files.
  static constexpr std::uint64_t waiting_size = std::uint64_t{32} << 20;
  using Hashes = std::map<std::string, std::string>;
  /// The same; puts the ROMs' hashes into `hashes`, unless it is null.
  [[nodiscard]] OpenRelease open(const BatchRelease& release, images::WantsRom wanted,
                                 Hashes* hashes) const;
  [[nodiscard]] bool is_known(const BatchRelease& release, const ReleaseIndex& index) const;
  void hash_roms(const BatchRelease& release, const images::Release& opened, Hashes& hashes) const;

  const BatchSetup& setup_;
  Places places_;
  MemoryBudget& memory_;
  Run& run_;
  mutable MemoryBudget waiting_{waiting_size};
};

}  // namespace romwright::pipeline
