// SPDX-License-Identifier: GPL-2.0-or-later
// Finds out which images a release gives, from memory where it is known already.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/event.h"
#include "toolkit/pipeline/batch/batch_slot.h"
#include "toolkit/pipeline/batch/memory_budget.h"
#include "toolkit/pipeline/batch/release_index.h"

namespace romwright::pipeline {

/// A release with its slots.
struct ScannedRelease {
  const BatchRelease* release = nullptr;
  std::optional<images::Release> content;  ///< the listing; absent where it cannot be read
  std::optional<images::Release> opened;   ///< with the ROMs at hand; absent: not opened yet
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
  [[nodiscard]] images::Release open(const BatchRelease& release, images::WantsRom wanted) const;

 private:
  [[nodiscard]] bool is_known(const BatchRelease& release, const ReleaseIndex& index) const;
  [[nodiscard]] ReleaseIndex make_index(const BatchRelease& release,
                                        const images::Release& opened) const;

  const BatchSetup& setup_;
  Places places_;
  MemoryBudget& memory_;
  Run& run_;
};

}  // namespace romwright::pipeline
