// SPDX-License-Identifier: GPL-2.0-or-later
// Regions with firmware of the project's own making: manifests that are signed, modules, chunks.
#pragma once

#include <algorithm>

#include "flash/base/digest.h"
#include "tests/support/me_images.h"

namespace romwright::test {

/// Signs the manifest at `at` over `size` bytes. The key is 2^2048 - 1 with exponent 1, by which
/// the signature is the hash itself; firmware cannot tell.
inline void sign_me_manifest(Bytes at, std::uint32_t size) {
  constexpr std::uint32_t header = 0x284;
  store_le<std::uint32_t>(at, 4, header / 4);
  store_le<std::uint32_t>(at, 0x18, size / 4);
  std::ranges::fill(at.subspan(0x80, 0x100), std::uint8_t{0xff});
  store_le<std::uint32_t>(at, 0x180, 1);
  Digest digest(Hash::sha256);
  digest.update(at.first(0x80));
  digest.update(at.subspan(header, size - header));
  Buffer hash = digest.finish();
  std::ranges::reverse(hash);
  std::ranges::fill(at.subspan(0x184, 0x100), std::uint8_t{0});
  std::ranges::copy(hash, at.subspan(0x184).begin());
  at[0x184 + 32] = 1;
}

struct MeModule {
  std::string_view name;
  std::uint32_t compression = 0;  ///< 0 none, 1 Huffman, 2 LZMA
  std::uint32_t offset = 0, size = 0;
  std::uint32_t memory = 0, memory_size = 0;
};

inline void put_me_module(Bytes at, const MeModule& module) {
  std::ranges::fill(at.first(0x60), std::uint8_t{0});
  put_text(at, "$MME");
  put_text(at.subspan(4), module.name);
  store_le(at, 0x34, module.memory);
  store_le(at, 0x38, module.offset);
  store_le(at, 0x3c, module.memory_size);
  store_le(at, 0x40, module.size);
  store_le(at, 0x50, module.compression << 4);
}

/// Of generation 2, 0x10000 bytes of 0x5a where nothing else is: EFFS at 0x2000, FTPR at 0x4000,
/// NFTP at 0xc000, NVRM without data. Modules of FTPR: ROMP at 0x5000, KERNEL (LZMA) at 0x5200, BUP
/// and HOST in Huffman chunks of 0x300 bytes from 0x7000 on, their table at 0x6000.
inline Buffer me_gen2_region(std::uint16_t major = 8) {
  constexpr std::uint32_t ftpr = 0x4000, table = 0x2000, chunks = 0x7000, chunk = 0x300;
  Buffer region(0x10000, 0x5a);
  const Bytes bytes(region);
  std::ranges::fill(bytes.first(0x400), std::uint8_t{0xff});
  put_me_table(bytes, 0x10,
               {{"EFFS", 0x2000, 0x1000, 0},
                {"FTPR", ftpr, 0x6000, 0},
                {"NVRM", 0x3000, 0x100, 2},
                {"NFTP", 0xc000, 0x2000, 0}},
               0);
  bytes[0x24] = 0x01;  // EFFS is there
  const Bytes code = bytes.subspan(ftpr);
  put_me_manifest(code, "$MN2", {major, 1, 2, 3});
  store_le<std::uint32_t>(code, 0x20, 4);
  const MeModule modules[] = {{"ROMP", 0, 0x1000, 0x200, 0, 0},
                              {"KERNEL", 2, 0x1200, 0x400, 0, 0},
                              {"BUP", 1, table, 0x100, 0x10000400, 0x3ff},
                              {"HOST", 1, table, 0x100, 0x10000800, 0x7ff}};
  for (std::size_t i = 0; i < 4; ++i) put_me_module(code.subspan(0x290 + 0x60 * i), modules[i]);
  const Bytes llut = code.subspan(table);
  std::ranges::fill(llut.first(0x60), std::uint8_t{0});
  put_text(llut, "LLUT");
  store_le<std::uint32_t>(llut, 0x04, 5);
  store_le<std::uint32_t>(llut, 0x0c, 0x1234);
  store_le<std::uint32_t>(llut, 0x10, 4 * chunk);
  store_le<std::uint32_t>(llut, 0x14, chunks);
  store_le<std::uint32_t>(llut, 0x30, 0x400);
  for (std::uint32_t i = 0; i < 4; ++i)
    store_le<std::uint32_t>(llut, 0x40 + 4 * std::size_t{i}, chunks + i * chunk);
  store_le<std::uint32_t>(llut, 0x50, 0x80000000);
  sign_me_manifest(code, 0x410);
  return region;
}

/// Of generation 3, 0x10000 bytes of 0x5a: MFS at 0x2000, FTPR at 0x4000 with the modules FTPR.man,
/// rbe, fooo and bup, and the metadata of one.
inline Buffer me_gen3_region() {
  constexpr std::uint32_t ftpr = 0x4000;
  Buffer region(0x10000, 0x5a);
  const Bytes bytes(region);
  std::ranges::fill(bytes.first(0x400), std::uint8_t{0xff});
  put_me_table(bytes, 0x10, {{"FTPR", ftpr, 0x4000, 0}, {"MFS", 0x2000, 0x1000, 0}}, 0x10);
  const Bytes code = bytes.subspan(ftpr);
  std::ranges::fill(code.first(0x10), std::uint8_t{0});
  put_text(code, "$CPD");
  struct Entry {
    std::string_view name;
    std::uint32_t place;
  };
  constexpr Entry entries[] = {{"FTPR.man", 0x100},
                               {"rbe", 0x1000 | 0x2000000},
                               {"fooo", 0x1800},
                               {"fooo.met", 0x2000},
                               {"bup", 0x2100}};
  store_le<std::uint32_t>(code, 4, std::size(entries));
  for (std::size_t i = 0; i < std::size(entries); ++i) {
    const Bytes entry = code.subspan(0x10 + 24 * i, 24);
    std::ranges::fill(entry, std::uint8_t{0});
    put_text(entry, entries[i].name);
    store_le(entry, 12, entries[i].place);
  }
  put_me_manifest(code.subspan(0x100), "$MN2", {11, 6, 0, 1});
  sign_me_manifest(code.subspan(0x100), 0x300);
  return region;
}

/// Of generation 1, 0x8000 bytes of 0x5a: CODE at 0x1000.
inline Buffer me_gen1_region() {
  Buffer region(0x8000, 0x5a);
  const Bytes bytes(region);
  put_me_table(bytes, 0, {{"CODE", 0x1000, 0x2000, 0}, {"RCVY", 0x4000, 0x1000, 0}}, 0);
  put_me_manifest(bytes.subspan(0x1000), "$MAN", {4, 1, 2, 3});
  return region;
}

/// A full image of 0x40000 bytes: descriptor, `region` at 0x1000, BIOS region behind it. Sections:
/// regions at 0x40, masters at 0x60, straps at 0x100, MCH straps at 0x200.
inline Buffer me_dump(ConstBytes region, bool first_generation = false) {
  Buffer image(0x40000, 0xff);
  const Bytes bytes(image);
  const std::size_t signature = first_generation ? 0 : 0x10;
  std::ranges::fill(bytes.subspan(0x40, 0x200), std::uint8_t{0});
  store_le<std::uint32_t>(bytes, signature, 0x0ff0a55a);
  store_le<std::uint32_t>(bytes, signature + 4, 0x00040003);
  store_le<std::uint32_t>(bytes, signature + 8, 0x00100006);
  store_le<std::uint32_t>(bytes, signature + 12, 0x20);
  const auto end = static_cast<std::uint32_t>((0x1000 + region.size()) >> 12);
  store_le<std::uint32_t>(bytes, 0x40, 0);
  store_le<std::uint32_t>(bytes, 0x44, end | 0x3f0000U);
  store_le<std::uint32_t>(bytes, 0x48, 1U | (end - 1) << 16);
  store_le<std::uint32_t>(bytes, 0x64, 0x0d0c1234);
  std::ranges::copy(region, image.begin() + 0x1000);
  return image;
}

}  // namespace romwright::test
