// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"

namespace romwright::images {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

CbfsView::CbfsView(ConstBytes image, Range region) : image_(image), region_(region) {
  const ConstBytes bytes = slice(image, region, "CBFS");
  std::uint64_t at = 0;
  while (is_cbfs_entry(bytes, at)) {
    files_.push_back(read_cbfs_entry(image, region, region.offset + at));
    at = align_up(files_.back().entry.end() - region.offset, cbfs_alignment);
  }
  if (files_.empty())
    throw ImageError(fmt::format("CBFS at {}: begins with no file", romwright::to_string(region)),
                     "the area is empty, or no CBFS");
}

const CbfsFile* CbfsView::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      files_, [&](const CbfsFile& file) { return !file.empty() && same_name(file.name, name); });
  return found == files_.end() ? nullptr : &*found;
}

ConstBytes CbfsView::raw(const CbfsFile& file) const { return slice(image_, file.data, file.name); }

ConstBytes CbfsView::raw(std::string_view name) const {
  const CbfsFile* file = find(name);
  if (file == nullptr) throw ImageError(fmt::format("CBFS file {}: is not in the image", name));
  return raw(*file);
}

Buffer CbfsView::contents(const CbfsFile& file) const {
  return within(fmt::format("CBFS file {} at {:#x}", file.name, file.entry.offset), [&] {
    return cbfs_decompress(file.compression, raw(file), file.decompressed_size);
  });
}

Buffer CbfsView::contents(std::string_view name) const {
  const CbfsFile* file = find(name);
  if (file == nullptr) throw ImageError(fmt::format("CBFS file {}: is not in the image", name));
  return contents(*file);
}

}  // namespace romwright::images
