// SPDX-License-Identifier: GPL-2.0-or-later
// Dell update packages of the project's own making.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>
#include <zlib.h>

#include "flash/base/bytes.h"

namespace romwright::test {

inline Buffer zlib_compressed(ConstBytes content) {
  Buffer stored(compressBound(content.size()));
  uLongf size = stored.size();
  compress(stored.data(), &size, content.data(), content.size());
  stored.resize(size);
  return stored;
}

inline void append(Buffer& all, ConstBytes more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// The last byte of a frame: all others exclusively ored.
inline void close_frame(Buffer& frame) {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : frame) sum ^= byte;
  frame.push_back(sum);
}

/// Header, zlib stream and footer; type 0xaa is firmware, 0xbb utilities.
inline Buffer pfs_section(std::uint8_t type, ConstBytes content) {
  const Buffer stream = zlib_compressed(content);
  Buffer header(4);
  store_le(header, 0, static_cast<std::uint32_t>(stream.size()));
  Buffer footer = header;
  header.push_back(type);
  for (const int byte : {0xee, 0xaa, 0x76, 0x1b, 0xec, 0xbb, 0x20, 0xf1, 0xe6, 0x51})
    header.push_back(static_cast<std::uint8_t>(byte));
  close_frame(header);
  for (const int byte : {0xee, 0xaa, 0xee, 0x8f, 0x49, 0x1b, 0xe8, 0xae, 0x14, 0x37, 0x90})
    footer.push_back(static_cast<std::uint8_t>(byte));
  close_frame(footer);
  append(header, stream);
  append(header, footer);
  return header;
}

struct PfsPart {
  Buffer guid;  ///< 16 bytes
  Buffer data;
  Buffer metadata;
  std::uint32_t entry_version = 1;
};
inline Buffer pfs_guid(std::uint8_t number) { return Buffer(16, number); }
/// The GUID that is written as one number.
inline Buffer pfs_guid(std::string_view digits) {
  Buffer guid;
  for (std::size_t at = digits.size(); at >= 2; at -= 2)
    guid.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(at - 2, 2)), nullptr, 16)));
  return guid;
}
constexpr std::string_view pfs_names_guid = "E0717CE3A9BB25824B9F0DC8FD041960";
constexpr std::string_view pfs_model_guid = "6F1D619A22A6CB924FD4DA68233AE3FB";

/// A volume of these entries, each of version A.5 with a signature of 3 bytes behind its data.
inline Buffer pfs_volume(const std::vector<PfsPart>& parts) {
  Buffer payload;
  for (const PfsPart& part : parts) {
    Buffer header(part.entry_version == 1 ? 0x48 : 0x58);
    std::ranges::copy(part.guid, header.begin());
    store_le(header, 0x10, part.entry_version);
    std::ranges::copy(as_bytes("AN  "), header.begin() + 0x14);
    store_le(header, 0x18, std::uint16_t{10});
    store_le(header, 0x1a, std::uint16_t{5});
    store_le(header, 0x28, static_cast<std::uint32_t>(part.data.size()));
    store_le(header, 0x2c, std::uint32_t{3});
    store_le(header, 0x30, static_cast<std::uint32_t>(part.metadata.size()));
    append(payload, header);
    append(payload, part.data);
    append(payload, Buffer(3, 0x55));
    append(payload, part.metadata);
  }
  Buffer volume(16), footer(16);
  std::ranges::copy(as_bytes("PFS.HDR."), volume.begin());
  store_le(volume, 8, std::uint32_t{1});
  store_le(volume, 12, static_cast<std::uint32_t>(payload.size()));
  store_le(footer, 0, static_cast<std::uint32_t>(payload.size()));
  store_le(
      footer, 4,
      static_cast<std::uint32_t>(~crc32(0, payload.data(), static_cast<uInt>(payload.size()))));
  std::ranges::copy(as_bytes("PFS.FTR."), footer.begin() + 8);
  append(volume, payload);
  append(volume, footer);
  return volume;
}

/// One line of the table of names; version 7.
inline Buffer pfs_name(const Buffer& guid, std::string_view name) {
  Buffer line(0x22);
  store_le(line, 0, std::uint32_t{1});
  std::ranges::copy(guid, line.begin() + 4);
  store_le(line, 0x14, std::uint16_t{7});
  std::ranges::copy(as_bytes("N   "), line.begin() + 0x1c);
  store_le(line, 0x20, static_cast<std::uint16_t>(name.size()));
  for (const char c : name) line.insert(line.end(), {static_cast<std::uint8_t>(c), 0});
  line.insert(line.end(), {0, 0});
  return line;
}

/// A block for BIOS Guard, its place in the script.
inline Buffer guard_block(std::uint32_t place, ConstBytes content) {
  constexpr std::size_t header_size = 0x30, script_size = 0x20;
  Buffer block(header_size + script_size);
  std::ranges::copy(as_bytes("DELL_TEST"), block.begin() + 4);
  store_le(block, 0x1c, std::uint32_t{script_size});
  store_le(block, 0x20, static_cast<std::uint32_t>(content.size()));
  store_le(block, header_size + 0x0c, place);
  append(block, content);
  return block;
}

/// Modules of Phoenix's ROM BIOS PLUS: the main ROM with its copyright line, and `more`, behind
/// `controller`; lengths have four bytes.
struct StoredModule {
  std::uint8_t type;
  Buffer data;
};
inline Buffer rom_bios_plus(const Buffer& controller, const std::vector<StoredModule>& more) {
  const std::string_view line(
      "\xf0\x00"
      "Copyright 1985-\x02\x04\xf0\x0f"
      "8 Phoenix Technologies Ltd.",
      48);
  std::vector<StoredModule> modules = {{0x01, {line.begin(), line.end()}}};
  // The last 27 letters are the rest of 30: three more.
  append(modules[0].data, as_bytes("abc"));
  modules.insert(modules.end(), more.begin(), more.end());
  Buffer image = controller;
  for (const StoredModule& module : modules) {
    Buffer header(5);
    header[0] = module.type;
    store_le(header, 1, static_cast<std::uint32_t>(module.data.size()));
    append(image, header);
    append(image, module.data);
  }
  append(image, Buffer{0xff, 0, 0, 0, 0});
  return image;
}

}  // namespace romwright::test
