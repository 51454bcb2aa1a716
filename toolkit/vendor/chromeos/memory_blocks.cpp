// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/memory_blocks.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <string_view>

#include <fmt/format.h>

namespace romwright::vendor {

namespace {

errcode_t open_blocks(const char* name, int /*flags*/, io_channel* channel) {
  std::uintptr_t address = 0;
  const std::string_view digits(name);
  const auto end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, address, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end || address == 0) return EXT2_ET_BAD_DEVICE_NAME;
  auto* opened = new (std::nothrow) struct_io_channel{};
  if (opened == nullptr) return EXT2_ET_NO_MEMORY;
  opened->magic = EXT2_ET_MAGIC_IO_CHANNEL;
  opened->manager = MemoryBlocks::manager();
  opened->block_size = 1024;
  opened->refcount = 1;
  opened->private_data = reinterpret_cast<void*>(address);
  *channel = opened;
  return 0;
}

errcode_t close_blocks(io_channel channel) {
  if (--channel->refcount == 0) delete channel;
  return 0;
}

errcode_t set_block_size(io_channel channel, int size) {
  channel->block_size = size;
  return 0;
}

errcode_t read_blocks(io_channel channel, unsigned long long block, int count, void* data) {
  return static_cast<MemoryBlocks*>(channel->private_data)
      ->read(block, static_cast<std::uint64_t>(channel->block_size), count, data);
}

errcode_t read_low_blocks(io_channel channel, unsigned long block, int count, void* data) {
  return read_blocks(channel, block, count, data);
}

errcode_t write_blocks(io_channel /*channel*/, unsigned long long /*block*/, int /*count*/,
                       const void* /*data*/) {
  return EXT2_ET_RO_FILSYS;
}

errcode_t write_low_blocks(io_channel /*channel*/, unsigned long /*block*/, int /*count*/,
                           const void* /*data*/) {
  return EXT2_ET_RO_FILSYS;
}

errcode_t flush_blocks(io_channel /*channel*/) { return 0; }

}  // namespace

std::string MemoryBlocks::name() const {
  return fmt::format("{:x}", reinterpret_cast<std::uintptr_t>(this));
}

io_manager MemoryBlocks::manager() noexcept {
  static struct_io_manager manager = [] {
    struct_io_manager made = {};
    made.magic = EXT2_ET_MAGIC_IO_MANAGER;
    made.name = "bytes in memory";
    made.open = open_blocks;
    made.close = close_blocks;
    made.set_blksize = set_block_size;
    made.read_blk = read_low_blocks;
    made.write_blk = write_low_blocks;
    made.flush = flush_blocks;
    made.read_blk64 = read_blocks;
    made.write_blk64 = write_blocks;
    return made;
  }();
  return &manager;
}

errcode_t MemoryBlocks::read(std::uint64_t block, std::uint64_t block_size, int count,
                             void* data) noexcept {
  const std::uint64_t size = count < 0 ? static_cast<std::uint64_t>(-std::int64_t{count})
                                       : static_cast<std::uint64_t>(count) * block_size;
  if (size > left_) {
    left_ = 0;
    exhausted_ = true;
    return EXT2_ET_SHORT_READ;
  }
  left_ -= size;
  if (block_size == 0 || block > volume_.size() / block_size) return EXT2_ET_SHORT_READ;
  const Range range{block * block_size, size};
  if (!Range{0, volume_.size()}.contains(range)) return EXT2_ET_SHORT_READ;
  std::memcpy(data, volume_.data() + range.offset, range.size);
  return 0;
}

}  // namespace romwright::vendor
