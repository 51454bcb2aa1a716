// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"

namespace romwright::images {
namespace {

constexpr std::string_view magic = "LARCHIVE";
constexpr std::size_t attribute_header_size = 8;

[[noreturn]] void refuse(std::string_view what) {
  throw ImageError(std::string(what), "the CBFS is damaged");
}

/// The u32 at the start of an attribute's data, where it has one.
std::uint32_t word(ConstBytes data, std::string_view attribute) {
  if (data.size() < 4) refuse(fmt::format("its {} attribute is too short", attribute));
  return load_be<std::uint32_t>(data);
}

void read_attribute(CbfsFile& file, std::uint32_t tag, ConstBytes data) {
  switch (tag) {
    case CbfsAttributeTag::compression:
      if (data.size() < 8) refuse("its compression attribute is too short");
      file.compression = static_cast<CbfsCompression>(load_be<std::uint32_t>(data));
      if (file.compression != CbfsCompression::none)
        file.decompressed_size = load_be<std::uint32_t>(data, 4);
      break;
    case CbfsAttributeTag::hash: {
      const std::uint32_t algorithm = word(data, "hash");
      file.hash = CbfsHash{algorithm, {data.begin() + 4, data.end()}};
      break;
    }
    case CbfsAttributeTag::position:
      file.position = word(data, "position");
      break;
    case CbfsAttributeTag::alignment:
      file.alignment = word(data, "alignment");
      break;
    case CbfsAttributeTag::padding:
      file.padding = static_cast<std::uint32_t>(data.size() + attribute_header_size);
      break;
    case CbfsAttributeTag::stage_header:
      if (data.size() < 16) refuse("its stage header is too short");
      file.stage = CbfsStageHeader{load_be<std::uint64_t>(data), load_be<std::uint32_t>(data, 8),
                                   load_be<std::uint32_t>(data, 12)};
      break;
    default:
      break;
  }
}

/// `metadata` is the header up to the content; the attributes begin at `offset`.
void read_attributes(CbfsFile& file, ConstBytes metadata, std::size_t offset) {
  while (metadata.size() - offset >= attribute_header_size) {
    const std::uint32_t tag = load_be<std::uint32_t>(metadata, offset);
    const std::uint32_t size = load_be<std::uint32_t>(metadata, offset + 4);
    if (tag == 0 || tag == 0xffffffff) return;
    if (size < attribute_header_size || size > metadata.size() - offset)
      refuse(fmt::format("attribute {:#010x} of {:#x} bytes leaves the header", tag, size));
    const Range data{offset + attribute_header_size, size - attribute_header_size};
    read_attribute(file, tag, slice(metadata, data, "attribute"));
    file.attributes.push_back({tag, {file.entry.offset + data.offset, data.size}});
    const std::uint64_t next = offset + align_up(size, 4);
    if (next >= metadata.size()) return;
    offset = static_cast<std::size_t>(next);
  }
}

CbfsFile read(ConstBytes image, const Range& region, std::uint64_t at) {
  const ConstBytes rest = slice(image, {at, region.end() - at}, "entry");
  if (rest.size() < cbfs_fixed_header_size) refuse("its header leaves the CBFS");
  const std::uint32_t size = load_be<std::uint32_t>(rest, 8);
  const std::uint32_t attributes = load_be<std::uint32_t>(rest, 16);
  const std::uint32_t content = load_be<std::uint32_t>(rest, 20);
  if (content <= cbfs_fixed_header_size)
    refuse(fmt::format("its content begins at {:#x}, in its header", content));
  if (std::uint64_t{content} + size > rest.size())
    refuse(fmt::format("{:#x}+{:#x} bytes leave the CBFS, of which {:#x} are left", content, size,
                       rest.size()));
  CbfsFile file;
  file.type = load_be<std::uint32_t>(rest, 12);
  file.entry = {at, std::uint64_t{content} + size};
  file.data = {at + content, size};
  file.decompressed_size = size;
  const ConstBytes metadata = rest.first(content);
  // Free space that old tools left behind may have anything for a name.
  const std::size_t name_end = attributes == 0 ? content : attributes;
  if (name_end < cbfs_fixed_header_size || name_end > content)
    refuse(fmt::format("its attributes begin at {:#x}, outside its header", attributes));
  const ConstBytes name =
      metadata.subspan(cbfs_fixed_header_size, name_end - cbfs_fixed_header_size);
  if (file.empty()) return file;
  if (std::ranges::find(name, std::uint8_t{0}) == name.end()) refuse("its name has no end");
  file.name = c_string(name);
  if (attributes != 0) read_attributes(file, metadata, attributes);
  return file;
}

}  // namespace

bool is_cbfs_entry(ConstBytes region_bytes, std::uint64_t offset) noexcept {
  return offset <= region_bytes.size() && region_bytes.size() - offset >= magic.size() &&
         std::ranges::equal(region_bytes.subspan(static_cast<std::size_t>(offset), magic.size()),
                            as_bytes(magic));
}

CbfsFile read_cbfs_entry(ConstBytes image, const Range& region, std::uint64_t at) {
  return within(fmt::format("CBFS entry at {:#x}", at), [&] { return read(image, region, at); });
}

}  // namespace romwright::images
