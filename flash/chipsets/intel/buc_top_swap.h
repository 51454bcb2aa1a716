// SPDX-License-Identifier: GPL-2.0-or-later
// BUC.TS of an ICH7: it inverts address line 16 while the machine fetches its boot block.
#pragma once

#include "flash/bus/top_swap.h"
#include "flash/host/physical_memory.h"

namespace romwright::flash::intel {

class BucTopSwap final : public TopSwap {
 public:
  /// `root_complex`, the block at RCBA, outlives it.
  explicit BucTopSwap(Registers& root_complex) : registers_(root_complex) {}
  [[nodiscard]] std::uint64_t block_size() const noexcept override { return 64U << 10; }
  [[nodiscard]] bool is_set() override;
  [[nodiscard]] bool is_locked() override;
  void set(bool on) override;

 private:
  Registers& registers_;
};

}  // namespace romwright::flash::intel
