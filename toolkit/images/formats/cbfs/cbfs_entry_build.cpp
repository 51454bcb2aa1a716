// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"

namespace romwright::images {
namespace {

constexpr std::string_view magic = "LARCHIVE";

void append(Buffer& bytes, ConstBytes more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

Buffer fixed_header(std::uint32_t type, std::uint64_t content_size, std::uint64_t header_size) {
  if (content_size > UINT32_MAX)
    throw ImageError(fmt::format("{:#x} bytes are more than a CBFS file can hold", content_size));
  Buffer bytes(static_cast<std::size_t>(header_size));
  std::ranges::copy(as_bytes(magic), bytes.begin());
  store_be(bytes, 8, static_cast<std::uint32_t>(content_size));
  store_be(bytes, 12, type);
  store_be(bytes, 20, static_cast<std::uint32_t>(header_size));
  return bytes;
}

}  // namespace

std::uint64_t plain_header_size(std::string_view name) noexcept {
  return cbfs_fixed_header_size + align_up(name.size() + 1, 4);
}

Buffer free_space_header(std::uint64_t content_size) {
  return fixed_header(CbfsType::null, content_size, cbfs_free_header_size);
}

CbfsHeader::CbfsHeader(std::string_view name, std::uint32_t type, std::uint64_t content_size) {
  const bool printable = std::ranges::all_of(name, [](char c) { return c >= 0x20 && c != 0x7f; });
  if (name.empty() || name.front() == '[' || !printable)
    throw ImageError("is no name for a CBFS file",
                     "printable characters, of which the first is not [");
  if (plain_header_size(name) > cbfs_metadata_max)
    throw ImageError(
        fmt::format("its name of {} characters does not fit into a CBFS header", name.size()));
  bytes_ = fixed_header(type, content_size, plain_header_size(name));
  std::ranges::copy(as_bytes(name), bytes_.begin() + cbfs_fixed_header_size);
}

template <std::unsigned_integral T>
void CbfsHeader::put(T value) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof(T));
  store_be(bytes_, at, value);
}

void CbfsHeader::add(std::uint32_t tag, std::size_t data_size) {
  if (attributes_ == 0) attributes_ = bytes_.size();
  put(tag);
  put(static_cast<std::uint32_t>(8 + data_size));
}

void CbfsHeader::add_stage(const CbfsStageHeader& stage) {
  add(CbfsAttributeTag::stage_header, 16);
  put(stage.load_address);
  put(stage.entry_offset);
  put(stage.memory_size);
}

void CbfsHeader::add_compression(CbfsCompression compression, std::uint64_t decompressed_size) {
  add(CbfsAttributeTag::compression, 8);
  put(static_cast<std::uint32_t>(compression));
  put(static_cast<std::uint32_t>(decompressed_size));
}

void CbfsHeader::add_hash(std::uint32_t algorithm, ConstBytes digest) {
  add(CbfsAttributeTag::hash, 4 + digest.size());
  put(algorithm);
  append(bytes_, digest);
}

void CbfsHeader::add_position(std::uint32_t offset) {
  add(CbfsAttributeTag::position, 4);
  put(offset);
}

void CbfsHeader::add_alignment(std::uint32_t alignment) {
  add(CbfsAttributeTag::alignment, 4);
  put(alignment);
}

void CbfsHeader::add_padding(std::uint32_t size) {
  const std::uint64_t whole = std::max<std::uint64_t>(align_up(size, 4), 8);
  if (whole > cbfs_metadata_max)
    throw ImageError(fmt::format("{} bytes of padding do not fit into a CBFS header", size));
  add(CbfsAttributeTag::padding, static_cast<std::size_t>(whole) - 8);
  bytes_.resize(bytes_.size() + static_cast<std::size_t>(whole) - 8);
}

Buffer CbfsHeader::finish() const {
  if (bytes_.size() > cbfs_metadata_max)
    throw ImageError(fmt::format("its header of {} bytes is larger than the {} that coreboot reads",
                                 bytes_.size(), cbfs_metadata_max),
                     "a shorter name, or less padding");
  Buffer header = bytes_;
  store_be(header, 16, static_cast<std::uint32_t>(attributes_));
  store_be(header, 20, static_cast<std::uint32_t>(header.size()));
  return header;
}

}  // namespace romwright::images
