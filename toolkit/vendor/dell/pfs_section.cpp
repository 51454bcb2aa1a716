// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/pfs_section.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

// Size, type, marker, checksum; the footer has its marker in place of type and marker.
constexpr std::uint64_t frame_size = 16;
constexpr std::size_t type_at = 4, marker_at = 5, footer_marker_at = 4;
constexpr std::array<std::uint8_t, 10> header_marker = {0xee, 0xaa, 0x76, 0x1b, 0xec,
                                                        0xbb, 0x20, 0xf1, 0xe6, 0x51};
constexpr std::array<std::uint8_t, 11> footer_marker = {0xee, 0xaa, 0xee, 0x8f, 0x49, 0x1b,
                                                        0xe8, 0xae, 0x14, 0x37, 0x90};
constexpr std::array<std::uint8_t, 2> zlib_start = {0x78, 0x9c};

/// The last byte is all others exclusively ored.
bool checksum_fits(ConstBytes frame) {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : frame) sum ^= byte;
  return sum == 0;
}

PfsSection read_section(ConstBytes package, std::uint64_t at) {
  const ConstBytes header = slice(package, {at, frame_size}, "header");
  if (!checksum_fits(header)) throw ImageError("the header's checksum is wrong");
  PfsSection section{header[type_at], {at + frame_size, load_le<std::uint32_t>(header)}};
  (void)slice(package, section.stream, "stream");
  const ConstBytes footer = slice(package, {section.stream.end(), frame_size}, "footer");
  if (!std::ranges::equal(footer.subspan(footer_marker_at, footer_marker.size()), footer_marker))
    throw ImageError("there is no footer behind it");
  if (!checksum_fits(footer)) throw ImageError("the footer's checksum is wrong");
  if (load_le<std::uint32_t>(footer) != section.stream.size)
    throw ImageError(fmt::format("the header says {:#x} bytes, the footer {:#x}",
                                 section.stream.size, load_le<std::uint32_t>(footer)));
  return section;
}

}  // namespace

std::string PfsSection::name() const {
  if (type == firmware) return "Firmware";
  if (type == utilities) return "Utilities";
  return fmt::format("Unknown ({:02X})", type);
}

std::vector<PfsSection> find_pfs_sections(ConstBytes package) {
  std::vector<PfsSection> sections;
  std::size_t from = marker_at;
  while (const auto marker = find_bytes(package, header_marker, from)) {
    from = *marker + 1;
    const std::uint64_t at = *marker - marker_at;
    // The marker stands in the updater's own code too; a stream follows only here.
    const std::uint64_t stream_at = at + frame_size;
    if (package.size() - stream_at < zlib_start.size() || stream_at > package.size() ||
        !std::ranges::equal(package.subspan(static_cast<std::size_t>(stream_at), zlib_start.size()),
                            zlib_start))
      continue;
    sections.push_back(within(fmt::format("Dell PFS section at {:#x}", at),
                              [&] { return read_section(package, at); }));
    from = static_cast<std::size_t>(sections.back().stream.end() + marker_at);
  }
  return sections;
}

}  // namespace romwright::vendor
