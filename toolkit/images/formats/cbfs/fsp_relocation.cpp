// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/fsp_relocation.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/firmware_volume.h"
#include "toolkit/images/formats/cbfs/portable_executable.h"

namespace romwright::images {
namespace {

// The FSP information header (Intel, FSP External Architecture Specification).
constexpr std::string_view header_signature = "FSPH", patch_signature = "FSPP";
constexpr std::size_t header_length_at = 4, image_base_at = 0x1c, smallest_header = 0x20;
constexpr FirmwareGuid header_file = {0xbe, 0x40, 0x27, 0x91, 0x84, 0x22, 0x34, 0x47,
                                      0xb9, 0x71, 0x84, 0xb0, 0x27, 0x35, 0x3f, 0x0c};

bool has_signature(ConstBytes bytes, std::uint64_t at, std::string_view signature) {
  return at <= bytes.size() && bytes.size() - at >= signature.size() &&
         std::ranges::equal(bytes.subspan(static_cast<std::size_t>(at), signature.size()),
                            as_bytes(signature));
}

/// Where the header lies: in the raw section of the first file of the first volume.
Range find_header(ConstBytes fsp) {
  const FirmwareVolume volume = read_firmware_volume(fsp, 0);
  if (volume.files.empty() || volume.files.front().guid != header_file)
    throw ImageError("is no FSP component: its first file is not the FSP header");
  // The file is of the raw type, and consists of sections nevertheless.
  for (const FirmwareSection& section : read_firmware_sections(fsp, volume.files.front().data)) {
    if (section.type != FirmwareSection::raw) continue;
    const ConstBytes bytes = slice(fsp, section.data, "FSP header");
    if (bytes.size() < smallest_header || !has_signature(bytes, 0, header_signature)) continue;
    const std::uint32_t length = load_le<std::uint32_t>(bytes, header_length_at);
    if (length < smallest_header || length > bytes.size())
      throw ImageError(fmt::format("its FSP header of {:#x} bytes leaves its section", length));
    return {section.data.offset, length};
  }
  throw ImageError("is no FSP component: it has no FSP header");
}

/// The words that the FSPP table behind the header names.
void patch_words(Bytes fsp, const Range& header, std::uint32_t delta) {
  std::uint64_t at = header.end();
  while (fsp.size() - at >= 12) {
    const std::uint16_t length = load_le<std::uint16_t>(fsp, static_cast<std::size_t>(at) + 4);
    if (has_signature(fsp, at, patch_signature)) break;
    if (!has_signature(fsp, at, "FSP") || length < 8 || length > fsp.size() - at) return;
    at += length;
  }
  if (!has_signature(fsp, at, patch_signature) || fsp.size() - at < 12) return;
  const std::uint32_t count = load_le<std::uint32_t>(fsp, static_cast<std::size_t>(at) + 8);
  const ConstBytes entries =
      slice(ConstBytes(fsp), {at + 12, std::uint64_t{count} * 4}, "FSPP table");
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t entry = load_le<std::uint32_t>(entries, std::size_t{i} * 4);
    const std::uint64_t from_end = 0x1000000U - (entry & 0xffffff);
    std::uint64_t where = entry & 0xffffff;
    if ((entry & 0x80000000U) != 0) {
      if (from_end > fsp.size())
        throw ImageError(fmt::format("its FSPP entry {:#x} lies outside it", entry));
      where = fsp.size() - from_end;
    }
    const Bytes word = slice(fsp, {where, 4}, "FSPP entry");
    store_le(word, 0, load_le<std::uint32_t>(word) + delta);
  }
}

}  // namespace

std::uint32_t fsp_image_base(ConstBytes fsp) {
  return load_le<std::uint32_t>(slice(fsp, find_header(fsp), "FSP header"), image_base_at);
}

Buffer relocate_fsp(ConstBytes fsp, std::uint32_t address) {
  const Range header = find_header(fsp);
  const std::uint32_t delta = address - fsp_image_base(fsp);
  Buffer moved(fsp.begin(), fsp.end());
  std::uint64_t at = 0;
  while (is_firmware_volume(fsp, at)) {
    const FirmwareVolume volume = read_firmware_volume(fsp, at);
    for (const FirmwareFile& file : volume.files)
      for (const FirmwareSection& section : file.sections) {
        const Bytes bytes = slice(Bytes(moved), section.data, "FSP section");
        const auto where = static_cast<std::uint32_t>(address + section.data.offset);
        if (section.type == FirmwareSection::te) relocate_te(bytes, where);
        if (section.type == FirmwareSection::pe32) relocate_pe32(bytes, delta);
      }
    at = volume.range.end();
  }
  patch_words(moved, header, delta);
  store_le(Bytes(moved), static_cast<std::size_t>(header.offset) + image_base_at, address);
  return moved;
}

}  // namespace romwright::images
