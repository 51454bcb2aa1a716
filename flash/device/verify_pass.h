// SPDX-License-Identifier: GPL-2.0-or-later
// Reads back what should be on a device, and repairs what is not, block by block.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/error.h"
#include "flash/base/range.h"
#include "flash/bus/flash.h"
#include "flash/device/device_reader.h"

namespace romwright::flash {

/// A byte that stays wrong, and the smallest erase block that holds it (or the piece that was read,
/// where none does).
struct Mismatch {
  Range block;
  std::uint64_t offset = 0;
  std::uint8_t expected = 0, actual = 0;
};

class VerifyPass {
 public:
  explicit VerifyPass(Flash& flash) : flash_(flash), reader_(flash) {}

  /// Compares `ranges` with `image` (of the device's size). A block that differs is read again:
  /// right the second time it was the link. Returns the blocks that differ twice, ascending.
  std::vector<Mismatch> compare(ConstBytes image, std::span<const Range> ranges, Run& run);

  /// Erases the block of `mismatch` and programs `content` (of the block's size), at most three
  /// times, each after `before`; true when it then reads as it should. Else `mismatch` holds what
  /// it reads as now. Never erases more than the block.
  bool rewrite(Mismatch& mismatch, ConstBytes content, const std::function<void()>& before,
               Run& run);

  [[nodiscard]] std::uint64_t compared() const noexcept { return compared_; }
  /// Bytes that were wrong once, and right when they were read again.
  [[nodiscard]] std::uint64_t link_errors() const noexcept { return link_errors_; }

 private:
  void compare_piece(Range piece, ConstBytes image, ConstBytes read, std::vector<Mismatch>& found,
                     Run& run);

  Flash& flash_;
  DeviceReader reader_;
  std::uint64_t compared_ = 0;
  std::uint64_t link_errors_ = 0;
};

/// The error that names a mismatch.
VerifyError to_error(const Mismatch& mismatch);

}  // namespace romwright::flash
