// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/image_parts.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::vendor {

namespace {

constexpr std::uint64_t page = 4096;

/// The bytes up to the last one that is not blank.
std::uint64_t used_size(ConstBytes bytes) {
  const auto last = std::find_if(bytes.rbegin(), bytes.rend(), [](auto b) { return b != 0xff; });
  return static_cast<std::uint64_t>(bytes.rend() - last);
}

void add_regions(const ExtractedFile& image, ExtractedFiles& parts) {
  const auto ifd = images::find_ifd(image.content.bytes());
  if (!ifd) return;
  for (const images::IfdRegion& region : ifd->regions()) {
    if (region.range.size == 0 || region.range.end() > image.content.size()) continue;
    const Content content = image.content.part(region.range, image.path);
    const std::string path = fmt::format("{}/{}", image.path, region.name);
    parts.push_back({path, content});
    const std::uint64_t used = used_size(content.bytes());
    const std::uint64_t rounded = (used + page - 1) / page * page;
    for (const std::uint64_t size : {rounded, rounded + page})
      if (used > 0 && size < content.size())
        parts.push_back({path, content.part({0, size}, image.path)});
  }
}

void add_cbfs_files(const ExtractedFile& image, ExtractedFiles& parts) {
  const ConstBytes bytes = image.content.bytes();
  const auto area = images::locate_cbfs(bytes);
  if (!area) return;
  const images::CbfsView cbfs(bytes, *area);
  for (const images::CbfsFile& file : cbfs.files())
    if (!file.empty() && file.compression == images::CbfsCompression::none)
      parts.push_back(
          {fmt::format("{}/{}", image.path, file.name), image.content.part(file.data, file.name)});
}

}  // namespace

bool has_image_size(std::uint64_t size) noexcept {
  return size >= 64U << 10 && size <= 64U << 20 && size % page == 0;
}

ExtractedFiles image_parts(const ExtractedFile& image) {
  ExtractedFiles parts;
  for (const auto add : {add_regions, add_cbfs_files}) {
    const std::size_t before = parts.size();
    try {
      add(image, parts);
    } catch (const ImageError&) {
      parts.resize(before);
    }
  }
  return parts;
}

}  // namespace romwright::vendor
