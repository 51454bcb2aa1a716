// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes in memory as libext2fs reads blocks.
#pragma once

#include <cstdint>
#include <string>

#include <ext2fs/ext2fs.h>

#include "flash/base/bytes.h"

namespace romwright::vendor {

/// A volume that libext2fs opens by `name()` and `manager()`; it lives longer than what opened it.
/// Reading beyond its end, or more than `most_read` bytes in total, fails with EXT2_ET_SHORT_READ:
/// a structure that leads back to itself ends too. Writing fails with EXT2_ET_RO_FILSYS.
class MemoryBlocks {
 public:
  MemoryBlocks(ConstBytes volume, std::uint64_t most_read) : volume_(volume), left_(most_read) {}
  MemoryBlocks(const MemoryBlocks&) = delete;
  MemoryBlocks& operator=(const MemoryBlocks&) = delete;

  /// Stands for this object while the program runs.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] static io_manager manager() noexcept;

  /// `count` blocks, or `-count` bytes where it is negative, as libext2fs counts.
  [[nodiscard]] errcode_t read(std::uint64_t block, std::uint64_t block_size, int count,
                               void* data) noexcept;
  /// True once more than `most_read` was asked for.
  [[nodiscard]] bool exhausted() const noexcept { return exhausted_; }

 private:
  ConstBytes volume_;
  std::uint64_t left_;
  bool exhausted_ = false;
};

}  // namespace romwright::vendor
