// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/huffman_chunks.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "FTPR: Huffman table (LLUT)";
constexpr std::uint64_t header_size = 0x40;
constexpr std::uint32_t memory_base = 0x10000000;
/// Of 1 KiB each usually; bounds what a damaged count makes us hold.
constexpr std::uint32_t most_chunks = 1U << 20;

/// An index that counts from the end where it is negative, within [0, count].
std::size_t clamped(std::int64_t index, std::size_t count) {
  const auto size = static_cast<std::int64_t>(count);
  if (index < 0) index += size;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(index, 0, size));
}

}  // namespace

HuffmanChunks::HuffmanChunks(const MeWindow& region, std::uint64_t offset) {
  if (!region.has_tag(offset, "LLUT", what))
    throw ImageError(
        fmt::format("{}: not found at {:#x}, where the modules need it", what, offset));
  const ConstBytes header = region.read(offset, header_size, what);
  const std::uint32_t count = load_le<std::uint32_t>(header, 4);
  base_ = std::int64_t{load_le<std::uint32_t>(header, 8)} + memory_base;
  chunk_size_ = load_le<std::uint32_t>(header, 0x30);
  const std::uint64_t stream_end =
      std::uint64_t{load_le<std::uint32_t>(header, 0x10)} + load_le<std::uint32_t>(header, 0x14);
  const ConstBytes entries = region.read(offset + header_size, std::uint64_t{count} * 4, what);
  if (count > most_chunks) throw ImageError(fmt::format("{}: {} chunks", what, count));
  chunks_.resize(count);
  std::vector<std::uint64_t> offsets = {stream_end};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t entry = load_le<std::uint32_t>(entries, 4 * i);
    if (entry >> 24 == 0x80) continue;
    chunks_[i].offset = entry & 0xffffff;
    if (chunks_[i].offset != 0) offsets.push_back(chunks_[i].offset);
  }
  std::ranges::sort(offsets);
  // A chunk ends where the next one begins; of several at one place, all are empty.
  for (Chunk& chunk : chunks_) {
    if (chunk.offset == 0) continue;
    const auto next = std::ranges::lower_bound(offsets, chunk.offset) + 1;
    if (next == offsets.end())
      throw ImageError(fmt::format("{}: the chunk at {:#x} lies behind the end of the data, {:#x}",
                                   what, chunk.offset, stream_end));
    chunk.end = *next;
  }
  sizes_.push_back(0);
  for (const Chunk& chunk : chunks_) sizes_.push_back(sizes_.back() + (chunk.end - chunk.offset));
}

HuffmanChunks::Span HuffmanChunks::span(const MeMemory& module) const {
  if (chunk_size_ == 0) throw ImageError(fmt::format("{}: chunks of 0 bytes", what));
  const std::int64_t distance = std::int64_t{module.base} - base_;
  const std::int64_t size = chunk_size_;
  const std::int64_t first = distance / size - (distance % size < 0 ? 1 : 0);
  const std::int64_t last = first + module.size / chunk_size_;
  const std::size_t from = clamped(first, chunks_.size());
  return {from, std::max(from, clamped(last + 1, chunks_.size()))};
}

std::uint64_t HuffmanChunks::size(const MeMemory& module) const {
  const Span chunks = span(module);
  return sizes_[chunks.to] - sizes_[chunks.from];
}

void HuffmanChunks::keep(const MeMemory& module) { kept_.push_back(span(module)); }

std::uint64_t HuffmanChunks::remove_others(MeWindow& region) const {
  std::vector<std::uint64_t> kept;
  std::uint64_t end = 0;
  std::vector<Span> spans = kept_;
  std::ranges::sort(spans, {}, &Span::from);
  std::size_t done = 0;
  for (const Span& chunks : spans)
    for (std::size_t i = std::max(done, chunks.from); i < chunks.to; done = ++i)
      if (chunks_[i].offset != 0) {
        kept.push_back(chunks_[i].offset);
        end = std::max(end, chunks_[i].end);
      }
  std::ranges::sort(kept);
  for (const Chunk& chunk : chunks_)
    if (chunk.end > chunk.offset && !std::ranges::binary_search(kept, chunk.offset))
      region.fill(chunk.offset, std::min(chunk.end, region.end()), "FTPR: Huffman chunk");
  if (kept.empty())
    throw ImageError(fmt::format("{}: no chunk belongs to a module that is needed", what));
  return end;
}

}  // namespace romwright::images
