// SPDX-License-Identifier: GPL-2.0-or-later
// Makes UEFI firmware: sections, files, volumes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <lzma.h>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "tests/support/tiano_writer.h"
#include "toolkit/images/formats/uefi/uefi_guid.h"

namespace romwright::test {

inline Buffer joined(std::initializer_list<Buffer> parts, std::size_t alignment = 1,
                     std::uint8_t fill = 0) {
  Buffer all;
  for (const Buffer& part : parts) {
    all.resize(static_cast<std::size_t>(align_up(all.size(), alignment)), fill);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}
inline Buffer bytes_of(std::string_view text) {
  const ConstBytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}
template <typename T>
Buffer little(T value) {
  Buffer bytes(sizeof(T));
  store_le(bytes, 0, value);
  return bytes;
}
inline Buffer guid_bytes(std::string_view text) {
  const auto guid = images::UefiGuid::parse(text).value();
  return {guid.bytes.begin(), guid.bytes.end()};
}

/// A section; `header` is what its type puts between the common header and the body.
inline Buffer section(std::uint8_t type, const Buffer& body, const Buffer& header = {},
                      bool extended = false) {
  const std::size_t size = (extended ? 8 : 4) + header.size() + body.size();
  Buffer common = little(static_cast<std::uint32_t>(extended ? 0xffffff : size));
  common[3] = type;
  if (extended) common = joined({common, little(static_cast<std::uint32_t>(size))});
  return joined({common, header, body});
}
inline Buffer compression_section(std::uint8_t compression, const Buffer& body, std::size_t size) {
  Buffer header = little(static_cast<std::uint32_t>(size));
  header.push_back(compression);
  return section(0x01, body, header);
}
/// `more` lies between the header and the data.
inline Buffer guid_section(std::string_view guid, const Buffer& body, std::uint16_t attributes = 1,
                           const Buffer& more = {}) {
  return section(0x02, body,
                 joined({guid_bytes(guid), little(static_cast<std::uint16_t>(24 + more.size())),
                         little(attributes), more}));
}
inline Buffer ui_section(std::string_view text) {
  Buffer body;
  for (const char c : text) body.insert(body.end(), {static_cast<std::uint8_t>(c), 0});
  body.insert(body.end(), {0, 0});
  return section(0x15, body);
}

inline std::uint8_t sum8(ConstBytes bytes) {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : bytes) sum = static_cast<std::uint8_t>(sum + byte);
  return sum;
}

struct FileOptions {
  std::uint8_t attributes = 0;  ///< 0x40: with a checksum of the data
  std::uint8_t revision = 2;
  bool large = false;
};
inline Buffer firmware_file(std::string_view guid, std::uint8_t type, const Buffer& body,
                            FileOptions options = {}) {
  const std::size_t header_size = options.large ? 32 : 24;
  Buffer file = joined({guid_bytes(guid), Buffer(header_size - 16), body});
  file[0x12] = type;
  file[0x13] = static_cast<std::uint8_t>(options.attributes | (options.large ? 1 : 0));
  if (options.large) {
    store_le(file, 0x18, std::uint64_t{file.size()});
  } else {
    file[0x14] = static_cast<std::uint8_t>(file.size());
    file[0x15] = static_cast<std::uint8_t>(file.size() >> 8);
    file[0x16] = static_cast<std::uint8_t>(file.size() >> 16);
  }
  file[0x10] = static_cast<std::uint8_t>(-sum8(ConstBytes(file).first(header_size)));
  file[0x11] = (options.attributes & 0x40) != 0 ? static_cast<std::uint8_t>(-sum8(body))
               : options.revision == 1          ? 0x5a
                                                : 0xaa;
  file[0x17] = 0xf8;
  return file;
}

constexpr std::string_view ffs1_guid = "7A9354D9-0468-444A-81CE-0BF617D890DF";
constexpr std::string_view ffs2_guid = "8C8CE578-8A3D-4F1C-9935-896185C32DD3";
constexpr std::string_view ffs3_guid = "5473C07A-3DCB-4DCA-BD6F-1E9689E7349A";

struct VolumeOptions {
  std::string_view file_system = ffs2_guid;
  std::string_view name = "";  ///< of the extended header; none where empty
  std::uint8_t erased = 0xff;
  std::uint8_t revision = 2;
};
/// A volume of `size` bytes, a multiple of 16.
inline Buffer volume(std::size_t size, std::initializer_list<Buffer> files,
                     VolumeOptions options = {}) {
  constexpr std::size_t header_size = 0x48;
  Buffer all(header_size);
  const Buffer guid = guid_bytes(options.file_system);
  std::ranges::copy(guid, all.begin() + 0x10);
  store_le(all, 0x20, std::uint64_t{size});
  std::ranges::copy(as_bytes("_FVH"), all.begin() + 0x28);
  store_le(all, 0x2c, std::uint32_t{options.erased != 0 ? 0x800U : 0U});
  store_le(all, 0x30, std::uint16_t{header_size});
  if (!options.name.empty()) store_le(all, 0x34, std::uint16_t{header_size});
  all[0x37] = options.revision;
  store_le(all, 0x38, static_cast<std::uint32_t>(size / 16));
  store_le(all, 0x3c, std::uint32_t{16});
  std::uint16_t sum = 0;
  for (std::size_t at = 0; at < header_size; at += 2)
    sum = static_cast<std::uint16_t>(sum + load_le<std::uint16_t>(all, at));
  store_le(all, 0x32, static_cast<std::uint16_t>(-sum));
  if (!options.name.empty()) all = joined({all, guid_bytes(options.name), little(0x14U)});
  for (const Buffer& file : files) {
    all.resize(static_cast<std::size_t>(align_up(all.size(), 8)), options.erased);
    all.insert(all.end(), file.begin(), file.end());
  }
  all.resize(size, options.erased);
  return all;
}

inline Buffer lzma_compressed(const Buffer& content, bool x86 = false) {
  lzma_options_lzma options{};
  lzma_lzma_preset(&options, 6);
  options.dict_size = 1 << 16;
  options.ext_size_low = options.ext_size_high = UINT32_MAX;
  lzma_filter filters[3] = {};
  std::size_t used = 0;
  if (x86) filters[used++] = {LZMA_FILTER_X86, nullptr};
  filters[used++] = {LZMA_FILTER_LZMA1EXT, &options};
  filters[used] = {LZMA_VLI_UNKNOWN, nullptr};
  Buffer data(2 * content.size() + 1024);
  std::size_t size = 0;
  if (lzma_raw_buffer_encode(filters, nullptr, content.data(), content.size(), data.data(), &size,
                             data.size()) != LZMA_OK)
    return {};
  data.resize(size);
  return joined({{0x5d}, little(options.dict_size), little(std::uint64_t{content.size()}), data});
}

}  // namespace romwright::test
