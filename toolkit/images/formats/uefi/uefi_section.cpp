// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_section.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint32_t extended = 0xffffff;  // the size is in the next four bytes
constexpr std::uint64_t extended_size = 8;
constexpr std::uint16_t processing_required = 0x01;

constexpr std::pair<UefiGuid, UefiPacking> packings[] = {
    {uefi_guid("EE4E5898-3914-4259-9D6E-DC7BD79403CF"), UefiPacking::lzma},
    {uefi_guid("0ED85E23-F253-413F-A03C-901987B04397"), UefiPacking::lzma},  // HP's
    {uefi_guid("D42AE6BD-1352-4BFB-909A-CA72A6EAE889"), UefiPacking::lzma_x86},
    {uefi_guid("A31280AD-481E-41B6-95E8-127F4C984779"), UefiPacking::tiano},
    {uefi_guid("FC1BCDB0-7D31-49AA-936A-A4600D9DD083"), UefiPacking::crc32},
    {uefi_guid("0F9D89E8-9259-4F76-A5AF-0C89E34023DF"), UefiPacking::plain},  // signed
};

constexpr std::pair<std::uint8_t, std::string_view> names[] = {
    {UefiSectionType::compression, "compression"},
    {UefiSectionType::guid_defined, "guid-defined"},
    {UefiSectionType::disposable, "disposable"},
    {UefiSectionType::pe32, "pe32"},
    {UefiSectionType::pic, "pic"},
    {UefiSectionType::te, "te"},
    {UefiSectionType::dxe_depex, "depex"},
    {UefiSectionType::version, "version"},
    {UefiSectionType::ui, "ui"},
    {UefiSectionType::compatibility16, "compatibility16"},
    {UefiSectionType::volume, "volume"},
    {UefiSectionType::freeform, "freeform"},
    {UefiSectionType::raw, "raw"},
    {UefiSectionType::pei_depex, "depex"},
    {UefiSectionType::mm_depex, "depex"},
};

void read_compression(UefiSectionHeader& section, ConstBytes bytes) {
  const ConstBytes more = slice(bytes, {section.header_size, 5}, "compression section");
  section.header_size += more.size();
  switch (more[4]) {
    case 0:
      section.packing = UefiPacking::plain;
      break;
    case 1:
      section.packing = UefiPacking::standard;
      break;
    case 2:
      section.packing = UefiPacking::customized;
      break;
    default:
      section.packing = UefiPacking::unknown;
  }
}

void read_guid_defined(UefiSectionHeader& section, ConstBytes bytes) {
  const ConstBytes more = slice(bytes, {section.header_size, 20}, "GUID-defined section");
  section.guid = UefiGuid::at(more, 0);
  const std::uint64_t data_at = load_le<std::uint16_t>(more, 16);
  const auto* packing =
      std::ranges::find(packings, *section.guid, &std::pair<UefiGuid, UefiPacking>::first);
  if (packing != std::end(packings))
    section.packing = packing->second;
  else if ((load_le<std::uint16_t>(more, 18) & processing_required) != 0)
    section.packing = UefiPacking::unknown;
  const std::uint64_t end = section.header_size + more.size();
  if (data_at < end || data_at > bytes.size())
    throw ImageError(fmt::format("a section whose data begin at {:#x}", data_at));
  if (section.packing == UefiPacking::crc32)
    section.crc32 = load_le<std::uint32_t>(slice(bytes, {end, 4}, "CRC32"));
  section.header_size = data_at;
}

}  // namespace

std::string uefi_section_name(std::uint8_t type) {
  const auto* name =
      std::ranges::find(names, type, &std::pair<std::uint8_t, std::string_view>::first);
  return name == std::end(names) ? fmt::format("{:#04x}", type) : std::string(name->second);
}

UefiSectionHeader read_uefi_section(ConstBytes area) {
  const ConstBytes fixed = slice(area, {0, UefiSectionHeader::smallest}, "section header");
  UefiSectionHeader section;
  section.type = fixed[3];
  section.size = load_le<std::uint32_t>(fixed) & 0xffffff;
  section.header_size = UefiSectionHeader::smallest;
  if (section.size == extended) {
    section.header_size = extended_size;
    section.size = load_le<std::uint32_t>(slice(area, {0, extended_size}, "section header"), 4);
  }
  if (section.size < section.header_size || section.size > area.size())
    throw ImageError(
        fmt::format("a section of {:#x} bytes, where {:#x} are left", section.size, area.size()));
  const ConstBytes bytes = area.first(static_cast<std::size_t>(section.size));
  if (section.type == UefiSectionType::compression) read_compression(section, bytes);
  if (section.type == UefiSectionType::guid_defined) read_guid_defined(section, bytes);
  if (section.type == UefiSectionType::version)
    section.header_size += slice(bytes, {section.header_size, 2}, "build number").size();
  if (section.type == UefiSectionType::freeform) {
    section.guid = UefiGuid::at(bytes, section.header_size);
    section.header_size += section.guid->bytes.size();
  }
  return section;
}

}  // namespace romwright::images
