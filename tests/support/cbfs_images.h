// SPDX-License-Identifier: GPL-2.0-or-later
// Images with an empty CBFS, as `cbfstool create` makes them, and simple programs to put into one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/digest.h"

namespace romwright::test {

inline void put(Bytes image, std::size_t at, ConstBytes bytes) {
  std::ranges::copy(bytes, image.begin() + static_cast<std::ptrdiff_t>(at));
}

/// An entry of free space of `size` bytes behind its header.
inline void put_free_space(Bytes image, std::size_t at, std::uint32_t size) {
  put(image, at, as_bytes("LARCHIVE"));
  store_be(image, at + 8, size);
  store_be(image, at + 12, 0xffffffffU);
  store_be(image, at + 16, std::uint32_t{0});
  store_be(image, at + 20, std::uint32_t{28});
  store_be(image, at + 24, std::uint32_t{0});
}

struct AreaSpec {
  std::string_view name;
  std::uint32_t offset;
  std::uint32_t size;
};

/// A flash map at the start of `image`.
inline void put_fmap(Bytes image, std::initializer_list<AreaSpec> areas) {
  put(image, 0, as_bytes("__FMAP__"));
  image[8] = 1;
  image[9] = 1;
  store_le(image, 10, std::uint64_t{0x100000000} - image.size());
  store_le(image, 18, static_cast<std::uint32_t>(image.size()));
  std::ranges::fill(image.subspan(22, 32), std::uint8_t{0});
  put(image, 22, as_bytes("FLASH"));
  store_le(image, 54, static_cast<std::uint16_t>(areas.size()));
  std::size_t at = 56;
  for (const AreaSpec& area : areas) {
    std::ranges::fill(image.subspan(at, 42), std::uint8_t{0});
    store_le(image, at, area.offset);
    store_le(image, at + 4, area.size);
    put(image, at + 8, as_bytes(area.name));
    at += 42;
  }
}

/// 0xff, with an FMAP at 0 and an empty COREBOOT from 0x1000 to the end.
inline Buffer fmap_image(std::size_t size = 1 << 20) {
  Buffer image(size, 0xff);
  const auto rest = static_cast<std::uint32_t>(size - 0x1000);
  put_fmap(image, {{"FMAP", 0, 0x1000}, {"COREBOOT", 0x1000, rest}});
  put_free_space(image, 0x1000, rest - 28);
  return image;
}

/// The same with COREBOOT from 0x1000 to 0x3000 before the end, and an area BOOTBLOCK behind it.
inline Buffer bootblock_image(std::size_t size = 1 << 20) {
  Buffer image(size, 0xff);
  const auto end = static_cast<std::uint32_t>(size - 0x3000);
  put_fmap(image,
           {{"FMAP", 0, 0x1000}, {"COREBOOT", 0x1000, end - 0x1000}, {"BOOTBLOCK", end, 0x3000}});
  put_free_space(image, 0x1000, end - 0x1000 - 28);
  return image;
}

/// An anchor of the metadata hash: SHA-256 over no files.
inline Buffer metadata_anchor() {
  Buffer anchor = {0xad, 'M', 'd', 't', 'H', 's', 'h', 0x15, 0, 0, 0, 2};
  const Buffer hash = digest(Hash::sha256, {});
  anchor.insert(anchor.end(), hash.begin(), hash.end());
  anchor.resize(anchor.size() + 64);
  return anchor;
}

/// A segment of the ELF file that `elf32` makes.
struct SegmentSpec {
  std::uint32_t address;
  Buffer bytes;
  std::uint32_t memory_size;
};

/// An ELF executable for 32-bit x86 of these segments, with a section that names sections.
inline Buffer elf32(std::uint32_t entry, const std::vector<SegmentSpec>& segments) {
  std::size_t at = 52 + 32 * segments.size();
  Buffer elf(at);
  put(elf, 0, Buffer{0x7f, 'E', 'L', 'F', 1, 1, 1});
  store_le(elf, 16, std::uint16_t{2});
  store_le(elf, 18, std::uint16_t{3});
  store_le(elf, 20, std::uint32_t{1});
  store_le(elf, 24, entry);
  store_le(elf, 28, std::uint32_t{52});
  store_le(elf, 40, std::uint16_t{52});
  store_le(elf, 42, std::uint16_t{32});
  store_le(elf, 44, static_cast<std::uint16_t>(segments.size()));
  store_le(elf, 46, std::uint16_t{40});
  store_le(elf, 48, std::uint16_t{2});
  store_le(elf, 50, std::uint16_t{1});
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentSpec& segment = segments[i];
    const std::uint32_t fields[] = {1,
                                    static_cast<std::uint32_t>(elf.size()),
                                    segment.address,
                                    segment.address,
                                    static_cast<std::uint32_t>(segment.bytes.size()),
                                    segment.memory_size,
                                    7,
                                    1};
    for (std::size_t j = 0; j < 8; ++j) store_le(elf, 52 + 32 * i + 4 * j, fields[j]);
    elf.insert(elf.end(), segment.bytes.begin(), segment.bytes.end());
  }
  const std::size_t names = elf.size();
  const std::string_view text("\0.shstrtab\0", 11);
  elf.insert(elf.end(), text.begin(), text.end());
  at = elf.size();
  store_le(elf, 32, static_cast<std::uint32_t>(at));
  elf.resize(at + 80);
  store_le(elf, at + 40, std::uint32_t{1});
  store_le(elf, at + 44, std::uint32_t{3});
  store_le(elf, at + 56, static_cast<std::uint32_t>(names));
  store_le(elf, at + 60, std::uint32_t{11});
  return elf;
}

/// 0xff, with an empty CBFS from 0 on and a master header behind it, as `create -m x86`.
inline Buffer legacy_image(std::size_t size = 1 << 20) {
  Buffer image(size, 0xff);
  const std::size_t header = size - 36;
  const std::size_t end = header / 64 * 64;
  put_free_space(image, 0, static_cast<std::uint32_t>(end - 28));
  const std::uint32_t words[] = {0x4f524243, 0x31313132, static_cast<std::uint32_t>(size), 0, 64, 0,
                                 1,          0xffffffff};
  for (std::size_t i = 0; i < 8; ++i) store_be(image, header + 4 * i, words[i]);
  store_le(image, size - 4, std::uint32_t{0} - 36);
  return image;
}

}  // namespace romwright::test
