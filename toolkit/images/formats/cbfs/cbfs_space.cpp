// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_space.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"

namespace romwright::images {
namespace {

// The last four bytes of an x86 image are the master header's pointer: new free space ends before.
constexpr std::uint64_t pointer_size = 4;

/// `header` with `gap` more bytes before its attributes, or at its end where it has none.
Buffer stretch(Buffer header, std::uint64_t gap) {
  if (gap == 0) return header;
  const std::uint32_t attributes = load_be<std::uint32_t>(header, 16);
  const std::size_t at = attributes == 0 ? header.size() : attributes;
  header.insert(header.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::size_t>(gap), 0);
  if (attributes != 0) store_be(header, 16, static_cast<std::uint32_t>(attributes + gap));
  store_be(header, 20, static_cast<std::uint32_t>(header.size()));
  return header;
}

}  // namespace

CbfsSpace::CbfsSpace(const CbfsView& view, const CbfsFile* removed) : region_(view.region()) {
  bool open = false;
  for (const CbfsFile& file : view.files()) {
    const bool is_free = file.empty() || &file == removed;
    if (is_free) {
      if (!open) free_.push_back({file.entry.offset, 0});
      const std::uint64_t next =
          std::min(region_.offset + align_up(file.entry.end() - region_.offset, cbfs_alignment),
                   region_.end());
      free_.back().size = next - free_.back().offset;
    }
    open = is_free;
  }
  std::erase_if(free_, [](const Range& run) { return run.size < cbfs_free_header_size; });
}

CbfsWrite CbfsSpace::free_entry(const Range& run, bool last) const {
  std::uint64_t size = run.size - cbfs_free_header_size;
  if (last && run.end() > region_.end() - pointer_size) size -= std::min(size, pointer_size);
  return {run.offset, free_space_header(size), size};
}

std::vector<CbfsWrite> CbfsSpace::merge() const {
  std::vector<CbfsWrite> writes;
  for (const Range& run : free_) writes.push_back(free_entry(run, false));
  return writes;
}

const Range& CbfsSpace::choose(const CbfsPlacement& placement) const {
  const std::uint64_t header_size = placement.header.size();
  const std::uint64_t size = placement.content.size();
  std::uint64_t largest = 0;
  for (const Range& run : free_) {
    largest = std::max(largest, run.size);
    if (!placement.at) {
      if (header_size + size <= run.size) return run;
      continue;
    }
    const std::uint64_t at = *placement.at;
    if (!run.contains(at)) continue;
    if (at - run.offset < header_size)
      throw ImageError(fmt::format(
          "no room for its header of {} bytes before {:#x}: the space there begins at {:#x}",
          header_size, at, run.offset));
    if (size > run.end() - at)
      throw ImageError(
          fmt::format("{:#x} bytes at {:#x} run into what lies at {:#x}", size, at, run.end()));
    return run;
  }
  if (placement.at)
    throw ImageError(fmt::format("offset {:#x} is taken", *placement.at),
                     "another file of the CBFS lies there");
  throw ImageError(fmt::format("{:#x} bytes do not fit: the largest free space has {:#x}",
                               header_size + size, largest));
}

void CbfsSpace::place_in(const Range& run, const CbfsPlacement& placement,
                         std::vector<CbfsWrite>& writes) const {
  const std::uint64_t header_size = placement.header.size();
  const std::uint64_t content = placement.at.value_or(run.offset + header_size);
  const std::uint64_t start =
      region_.offset + align_down(content - header_size - region_.offset, cbfs_alignment);
  if (start > run.offset) writes.push_back(free_entry({run.offset, start - run.offset}, false));
  CbfsWrite file{start, stretch(placement.header, content - header_size - start), 0};
  file.bytes.insert(file.bytes.end(), placement.content.begin(), placement.content.end());
  const std::uint64_t end = start + file.bytes.size();
  std::uint64_t next =
      std::min(region_.offset + align_up(end - region_.offset, cbfs_alignment), run.end());
  const bool room = run.end() - next >= cbfs_free_header_size;
  file.blank = (room ? next : run.end()) - end;
  writes.push_back(std::move(file));
  if (room) writes.push_back(free_entry({next, run.end() - next}, true));
}

std::vector<CbfsWrite> CbfsSpace::place(const CbfsPlacement& placement) const {
  const Range& chosen = choose(placement);
  std::vector<CbfsWrite> writes;
  for (const Range& run : free_) {
    if (run == chosen)
      place_in(run, placement, writes);
    else
      writes.push_back(free_entry(run, false));
  }
  return writes;
}

std::uint64_t CbfsSpace::locate(std::uint64_t header_size, std::uint64_t size,
                                std::uint64_t alignment) const {
  for (const Range& run : free_) {
    const std::uint64_t at = align_up(run.offset + header_size, alignment);
    if (run.contains(Range{at, size})) return at;
  }
  throw ImageError(fmt::format("{:#x} bytes aligned to {:#x} do not fit", size, alignment));
}

}  // namespace romwright::images
