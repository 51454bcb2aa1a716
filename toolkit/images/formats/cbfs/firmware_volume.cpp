// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/firmware_volume.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t volume_header_size = 0x38;
constexpr std::uint64_t signature_at = 0x28;
constexpr std::string_view signature = "_FVH";
constexpr std::uint64_t file_header_size = 24, large_file_header_size = 32;
constexpr std::uint8_t large_file = 0x01;
constexpr std::uint8_t type_raw = 0x01, type_pad = 0xf0, type_end = 0xff;
constexpr FirmwareGuid file_system = {0x78, 0xe5, 0x8c, 0x8c, 0x3d, 0x8a, 0x1c, 0x4f,
                                      0x99, 0x35, 0x89, 0x61, 0x85, 0xc3, 0x2d, 0xd3};

std::uint32_t load_u24(ConstBytes bytes, std::size_t offset) {
  return load_le<std::uint32_t>(slice(bytes, {offset, 4}, "size")) & 0xffffff;
}

FirmwareGuid guid_at(ConstBytes bytes, std::size_t offset) {
  FirmwareGuid guid{};
  std::ranges::copy(slice(bytes, {offset, guid.size()}, "GUID"), guid.begin());
  return guid;
}

FirmwareFile read_file(ConstBytes whole, std::uint64_t at, std::uint64_t end, std::uint64_t& size) {
  const ConstBytes rest = slice(whole, {at, end - at}, "file");
  const bool large = (rest[0x13] & large_file) != 0;
  const std::uint64_t header = large ? large_file_header_size : file_header_size;
  size = large ? load_le<std::uint32_t>(slice(rest, {0x18, 4}, "file size")) : load_u24(rest, 0x14);
  if (size < header || size > rest.size())
    throw ImageError(fmt::format("file at {:#x}: {:#x} bytes leave the volume", at, size));
  FirmwareFile file{guid_at(rest, 0), rest[0x12], {at + header, size - header}, {}};
  if (file.type != type_pad && file.type != type_raw)
    file.sections = read_firmware_sections(whole, file.data);
  return file;
}

/// Where the first file lies: behind the extended header where there is one.
std::uint64_t first_file(ConstBytes volume) {
  const std::uint64_t extended = load_le<std::uint16_t>(volume, 0x34);
  if (extended == 0) return load_le<std::uint16_t>(volume, 0x30);
  const ConstBytes header = slice(volume, {extended, 0x14}, "extended header");
  return align_up(extended + load_le<std::uint32_t>(header, 0x10), 8);
}

}  // namespace

std::vector<FirmwareSection> read_firmware_sections(ConstBytes whole, const Range& file) {
  std::vector<FirmwareSection> sections;
  std::uint64_t at = file.offset;
  while (file.end() > at && file.end() - at >= 4) {
    const ConstBytes rest = slice(whole, {at, file.end() - at}, "sections");
    const std::uint64_t small = load_u24(rest, 0);
    const bool large = small == 0xffffff;
    const std::uint64_t header = large ? 8 : 4;
    const std::uint64_t size =
        large ? load_le<std::uint32_t>(slice(rest, {4, 4}, "section size")) : small;
    if (size < header || size > rest.size())
      throw ImageError(fmt::format("section at {:#x}: {:#x} bytes leave its file", at, size));
    sections.push_back({rest[3], {at + header, size - header}});
    at += align_up(size, 4);
  }
  return sections;
}

bool is_firmware_volume(ConstBytes whole, std::uint64_t offset) noexcept {
  return offset <= whole.size() && whole.size() - offset >= volume_header_size &&
         std::ranges::equal(
             whole.subspan(static_cast<std::size_t>(offset + signature_at), signature.size()),
             as_bytes(signature));
}

FirmwareVolume read_firmware_volume(ConstBytes whole, std::uint64_t offset) {
  return within(fmt::format("firmware volume at {:#x}", offset), [&] {
    if (!is_firmware_volume(whole, offset)) throw ImageError("there is none");
    const ConstBytes rest = whole.subspan(static_cast<std::size_t>(offset));
    const std::uint64_t length = load_le<std::uint64_t>(rest, 0x20);
    if (length < volume_header_size || length > rest.size())
      throw ImageError(fmt::format("its {:#x} bytes leave the file", length));
    FirmwareVolume volume{{offset, length}, {}};
    if (guid_at(rest, 0x10) != file_system) return volume;
    const ConstBytes bytes = rest.first(static_cast<std::size_t>(length));
    std::uint64_t at = first_file(bytes);
    while (at <= length && length - at >= file_header_size) {
      if (bytes[static_cast<std::size_t>(at) + 0x12] == type_end) break;
      std::uint64_t size = 0;
      volume.files.push_back(read_file(whole, offset + at, offset + length, size));
      at += align_up(size, 8);
    }
    return volume;
  });
}

}  // namespace romwright::images
