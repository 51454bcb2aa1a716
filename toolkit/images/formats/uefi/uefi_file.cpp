// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_file.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint8_t large = 0x01;  // in volumes of revision 1: has a tail
constexpr std::uint8_t has_data_checksum = 0x40;
constexpr std::size_t data_checksum_at = 0x11, attributes_at = 0x13, size_at = 0x14,
                      state_at = 0x17;

std::uint8_t sum_of(ConstBytes bytes) {
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return static_cast<std::uint8_t>(sum);
}

}  // namespace

UefiFileHeader read_uefi_file(ConstBytes area, const UefiVolumeHeader& volume) {
  const ConstBytes fixed = slice(area, {0, UefiFileHeader::smallest}, "file header");
  const std::uint8_t attributes = fixed[attributes_at];
  UefiFileHeader file;
  file.guid = UefiGuid::at(fixed, 0);
  file.type = fixed[0x12];
  file.header_size = UefiFileHeader::smallest;
  file.size = load_le<std::uint32_t>(fixed, size_at) & 0xffffff;
  if (volume.file_system == UefiFileSystem::ffs3 && (attributes & large) != 0) {
    file.header_size = 32;
    file.size = load_le<std::uint64_t>(slice(area, {UefiFileHeader::smallest, 8}, "file size"));
  } else if (volume.revision == 1 && (attributes & large) != 0) {
    file.tail_size = 2;
  }
  if (file.size < file.header_size + file.tail_size || file.size > area.size())
    throw ImageError(
        fmt::format("a file of {:#x} bytes, where {:#x} are left", file.size, area.size()));
  const ConstBytes whole = area.first(static_cast<std::size_t>(file.size));
  const auto header_size = static_cast<std::size_t>(file.header_size);
  // The sums leave out the state, which changes, and the header's also the data's sum.
  const ConstBytes header = whole.first(header_size);
  file.header_checksum_valid =
      static_cast<std::uint8_t>(sum_of(header) - header[data_checksum_at] - header[state_at]) == 0;
  const ConstBytes body = whole.subspan(
      header_size, whole.size() - header_size - static_cast<std::size_t>(file.tail_size));
  const std::uint8_t constant = volume.revision == 1 ? 0x5a : 0xaa;
  file.data_checksum_valid =
      (attributes & has_data_checksum) != 0
          ? static_cast<std::uint8_t>(sum_of(body) + fixed[data_checksum_at]) == 0
          : fixed[data_checksum_at] == constant;
  return file;
}

}  // namespace romwright::images
