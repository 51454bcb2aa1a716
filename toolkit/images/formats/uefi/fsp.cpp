// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/fsp.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/uefi_file.h"
#include "toolkit/images/formats/uefi/uefi_section.h"
#include "toolkit/images/formats/uefi/uefi_volume.h"

namespace romwright::images {
namespace {

constexpr UefiGuid header_file = uefi_guid("912740BE-2284-4734-B971-84B027353F0C");
constexpr std::string_view signature = "FSPH";
constexpr std::size_t smallest_header = 0x24;
constexpr std::size_t revision_at = 0x0b, image_revision_at = 0x0c, image_id_at = 0x10,
                      image_id_size = 8, image_size_at = 0x18, image_base_at = 0x1c,
                      attribute_at = 0x22;
constexpr std::string_view letters = "?TMSI???O";  // by bits 12 to 15 of the attribute

/// The information header: in the first section of the first file of the volume at the start.
std::optional<ConstBytes> information_header(ConstBytes bytes, const UefiVolumeHeader& volume) {
  const ConstBytes body =
      slice(bytes, {volume.header_size, volume.size - volume.header_size}, "volume");
  if (body.size() < UefiFileHeader::smallest || UefiGuid::at(body, 0) != header_file)
    return std::nullopt;
  const UefiFileHeader file = read_uefi_file(body, volume);
  const ConstBytes sections =
      slice(body, {file.header_size, file.size - file.header_size}, "FSP header file");
  const UefiSectionHeader section = read_uefi_section(sections);
  const ConstBytes header =
      slice(sections, {section.header_size, section.size - section.header_size}, "FSP header");
  if (section.type != UefiSectionType::raw || header.size() < smallest_header ||
      !std::ranges::equal(header.first(signature.size()), as_bytes(signature)))
    return std::nullopt;
  return header;
}

FspComponent read_component(ConstBytes header, std::uint64_t at, std::uint64_t volume_size,
                            std::uint64_t left) {
  const unsigned kind = load_le<std::uint16_t>(header, attribute_at) >> 12;
  FspComponent component;
  component.letter = kind < letters.size() ? letters[kind] : '?';
  component.range = {at, load_le<std::uint32_t>(header, image_size_at)};
  component.header_revision = header[revision_at];
  component.image_id = c_string(header.subspan(image_id_at, image_id_size));
  component.image_revision = load_le<std::uint32_t>(header, image_revision_at);
  component.image_base = load_le<std::uint32_t>(header, image_base_at);
  if (component.letter == '?')
    throw ImageError(fmt::format("is of the unknown kind {}", kind),
                     "packages before version 2 are not split");
  if (component.range.size < volume_size || component.range.size > left)
    throw ImageError(
        fmt::format("has {:#x} bytes, where {:#x} are left and its first volume has "
                    "{:#x}",
                    component.range.size, left, volume_size));
  return component;
}

}  // namespace

std::vector<FspComponent> read_fsp(ConstBytes fsp) {
  std::vector<FspComponent> components;
  std::uint64_t from = 0;
  while (const auto at = find_uefi_volume(fsp, from)) {
    from = *at + 1;
    const ConstBytes rest = fsp.subspan(static_cast<std::size_t>(*at));
    const auto volume = read_uefi_volume(rest);
    if (!volume) continue;
    from = *at + volume->size;
    within(fmt::format("FSP component at {:#x}", *at), [&] {
      const auto header = information_header(rest, *volume);
      if (!header) return;
      components.push_back(read_component(*header, *at, volume->size, rest.size()));
      from = components.back().range.end();
    });
  }
  if (components.empty())
    throw ImageError("is no FSP: no firmware volume begins with an FSP header");
  return components;
}

}  // namespace romwright::images
