// SPDX-License-Identifier: GPL-2.0-or-later
// The chunks that the Huffman-compressed modules of generation 2 share.
#pragma once

#include <cstdint>
#include <vector>

#include "toolkit/images/formats/me_clean/me_window.h"

namespace romwright::images {

/// A module in memory.
struct MeMemory {
  std::uint32_t base = 0, size = 0;
};

/// The chunks of a table ("LLUT"), each at a place of its own in the region, and what of them
/// stays.
class HuffmanChunks {
 public:
  /// Reads the table at `offset`. Throws ImageError where there is none, where it leaves the
  /// region, and for a chunk behind the end of the data.
  HuffmanChunks(const MeWindow& region, std::uint64_t offset);

  [[nodiscard]] bool empty() const noexcept { return chunks_.empty(); }
  /// Bytes of the chunks that `module` lies in. Throws ImageError for chunks without a size.
  [[nodiscard]] std::uint64_t size(const MeMemory& module) const;
  /// The chunks of `module` stay.
  void keep(const MeMemory& module);
  /// Fills every chunk that does not stay, and returns where the last of the others ends. Throws
  /// ImageError where none stays; all are filled then.
  [[nodiscard]] std::uint64_t remove_others(MeWindow& region) const;

 private:
  struct Chunk {
    std::uint64_t offset = 0;  ///< 0 for an empty one
    std::uint64_t end = 0;
  };
  /// Indices [from, to) of chunks.
  struct Span {
    std::size_t from = 0, to = 0;
  };
  [[nodiscard]] Span span(const MeMemory& module) const;

  std::vector<Chunk> chunks_;
  std::vector<std::uint64_t> sizes_;  ///< of all chunks before each, and of all
  std::vector<Span> kept_;
  std::int64_t base_ = 0;
  std::uint32_t chunk_size_ = 0;
};

}  // namespace romwright::images
