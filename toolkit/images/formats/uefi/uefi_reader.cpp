// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_reader.h"

#include <algorithm>
#include <lzma.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/uefi_file.h"
#include "toolkit/images/formats/uefi/uefi_volume.h"

namespace romwright::images {
namespace {

constexpr std::size_t most_problems = 100;

ConstBytes part(ConstBytes bytes, std::uint64_t from) {
  return bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(from, bytes.size())));
}
ConstBytes first(ConstBytes bytes, std::uint64_t size) {
  return bytes.first(static_cast<std::size_t>(size));
}

/// UCS-2 up to a NUL; what is not printable ASCII is shown as '?'.
std::string text_of(ConstBytes bytes) {
  std::string text;
  for (std::size_t at = 0; bytes.size() - at >= 2; at += 2) {
    const std::uint16_t unit = load_le<std::uint16_t>(bytes, at);
    if (unit == 0) break;
    text += unit >= 0x20 && unit < 0x7f ? static_cast<char>(unit) : '?';
  }
  return text;
}

}  // namespace

UefiReader::UefiReader(const UefiLimits& limits, std::vector<std::unique_ptr<Buffer>>& contents,
                       Problems& problems)
    : limits_(limits),
      budget_{limits.one_content, limits.all_contents},
      contents_(contents),
      problems_(problems) {}

void UefiReader::warn(const UefiNode& parent, std::string what) {
  if (problems_.size() < most_problems)
    problems_.push_back({Severity::warning, to_string(parent), std::move(what), {}});
}

UefiNode* UefiReader::add(UefiNode& parent, UefiNode::Kind kind, ConstBytes bytes,
                          std::uint64_t header_size) {
  if (nodes_ == limits_.nodes) {
    warn(parent, fmt::format("holds more than {} things together with all others", nodes_));
    return nullptr;
  }
  ++nodes_;
  UefiNode& node = parent.children.emplace_back();
  node.kind = kind;
  node.bytes = bytes;
  node.body = node.content = part(bytes, header_size);
  return &node;
}

template <typename Body>
void UefiReader::deeper(const UefiNode& node, Body&& body) {
  if (depth_ == limits_.depth) {
    warn(node, fmt::format("lies {} levels deep and is not read", depth_));
    return;
  }
  ++depth_;
  body();
  --depth_;
}

void UefiReader::read_area(UefiNode& parent) {
  const ConstBytes area = parent.content;
  std::uint64_t done = 0, from = 0;
  while (const auto at = find_uefi_volume(area, from)) {
    const auto header = read_uefi_volume(part(area, *at));
    if (!header) {
      from = *at + 1;
      continue;
    }
    if (*at > done) add(parent, UefiNode::Kind::padding, first(part(area, done), *at - done), 0);
    read_volume(parent, first(part(area, *at), header->size));
    done = from = *at + header->size;
  }
  if (done != 0 && done < area.size()) add(parent, UefiNode::Kind::padding, part(area, done), 0);
}

void UefiReader::read_volume(UefiNode& parent, ConstBytes bytes) {
  const auto header = read_uefi_volume(bytes);
  UefiNode* volume = add(parent, UefiNode::Kind::volume, bytes, header->header_size);
  if (volume == nullptr) return;
  volume->guid = header->guid;
  volume->name = header->name;
  if (!header->checksum_valid) warn(*volume, "the checksum of the volume's header is wrong");
  if (header->file_system != UefiFileSystem::unknown)
    deeper(*volume, [&] { read_files(*volume, *header); });
}

void UefiReader::read_files(UefiNode& volume, const UefiVolumeHeader& header) {
  ConstBytes rest = volume.body;
  while (rest.size() >= UefiFileHeader::smallest) {
    if (all_equal(rest.first(UefiFileHeader::smallest), header.erased)) {
      const auto used =
          std::ranges::find_if(rest, [&](std::uint8_t byte) { return byte != header.erased; });
      if (used == rest.end()) return;
      // Behind the free space lies something that is not a file.
      const std::uint64_t at = align_down(static_cast<std::uint64_t>(used - rest.begin()), 8);
      read_padding(volume, part(rest, at));
      return;
    }
    try {
      const UefiFileHeader file = read_uefi_file(rest, header);
      read_file(volume, first(rest, file.size), file);
      rest = part(rest, align_up(file.size, 8));
    } catch (const ImageError& error) {
      warn(volume, error.what());
      read_padding(volume, rest);
      return;
    }
    if (nodes_ == limits_.nodes) return;
  }
}

void UefiReader::read_padding(UefiNode& parent, ConstBytes bytes) {
  if (UefiNode* padding = add(parent, UefiNode::Kind::padding, bytes, 0))
    deeper(*padding, [&] { read_area(*padding); });
}

void UefiReader::read_file(UefiNode& volume, ConstBytes bytes, const UefiFileHeader& header) {
  UefiNode* file = add(volume, UefiNode::Kind::file, bytes, header.header_size);
  if (file == nullptr) return;
  file->type = header.type;
  file->guid = header.guid;
  file->body = file->content = first(file->body, file->body.size() - header.tail_size);
  if (!header.header_checksum_valid) warn(*file, "the checksum of the file's header is wrong");
  if (!header.data_checksum_valid) warn(*file, "the checksum of the file's data is wrong");
  if (header.type == UefiFileType::raw || header.type == UefiFileType::all ||
      header.type == UefiFileType::pad)
    deeper(*file, [&] { read_area(*file); });
  else
    deeper(*file, [&] { read_sections(*file); });
}

void UefiReader::read_sections(UefiNode& parent) {
  ConstBytes rest = parent.content;
  while (rest.size() >= UefiSectionHeader::smallest && nodes_ < limits_.nodes) {
    try {
      const UefiSectionHeader header = read_uefi_section(rest);
      read_section(parent, first(rest, header.size), header);
      rest = part(rest, align_up(header.size, 4));
    } catch (const ImageError& error) {
      warn(parent, error.what());
      add(parent, UefiNode::Kind::padding, rest, 0);
      return;
    }
  }
}

void UefiReader::unpack(UefiNode& section, const UefiSectionHeader& header) {
  if (header.crc32 && lzma_crc32(section.body.data(), section.body.size(), 0) != *header.crc32)
    warn(section, "the CRC32 of the section is wrong");
  if (!is_compressed(header.packing)) return;
  contents_.push_back(std::make_unique<Buffer>());
  *contents_.back() = uefi_unpack(header.packing, section.body, budget_);
  section.content = *contents_.back();
}

void UefiReader::read_section(UefiNode& parent, ConstBytes bytes, const UefiSectionHeader& header) {
  UefiNode* section = add(parent, UefiNode::Kind::section, bytes, header.header_size);
  if (section == nullptr) return;
  section->type = header.type;
  section->guid = header.guid;
  switch (header.type) {
    case UefiSectionType::compression:
    case UefiSectionType::guid_defined:
    case UefiSectionType::disposable:
      deeper(*section, [&] {
        try {
          unpack(*section, header);
        } catch (const ImageError& error) {
          warn(*section, error.what());
          return;
        }
        if (header.packing == UefiPacking::unknown)
          warn(*section, "is packed in a way that is not known");
        else
          read_sections(*section);
      });
      break;
    case UefiSectionType::volume:
    case UefiSectionType::raw:
      deeper(*section, [&] { read_area(*section); });
      break;
    case UefiSectionType::ui:
    case UefiSectionType::version:
      section->text = text_of(section->body);
      break;
    default:
      break;
  }
}

}  // namespace romwright::images
