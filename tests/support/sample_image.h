// SPDX-License-Identifier: GPL-2.0-or-later
// An image of the project's own making: flash descriptor, GbE, ME region, FMAP and CBFS, without
// any vendor's data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/intel_descriptor.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

namespace romwright::test {

/// 12 MiB for chips of 8 and 4 MiB, laid out as a 7 series laptop: descriptor, GbE, 96 KiB for the
/// ME, BIOS with FMAP and CBFS.
struct SampleImage {
  static constexpr std::uint64_t size = 12U << 20;
  static constexpr Range fd{0, 0x1000}, gbe{0x1000, 0x2000}, me{0x3000, 0x18000},
      bios{0x1b000, size - 0x1b000};
  static constexpr Range fmap{0x20000, 0x1000}, coreboot{0x21000, size - 0x21000};
  static constexpr std::array<std::uint8_t, 6> mac{0x02, 0x00, 0x5e, 0x10, 0x00, 0x01};
};

inline void put_descriptor(Bytes image) {
  store_le<std::uint32_t>(image, 0x10, 0x0ff0a55a);
  store_le<std::uint32_t>(image, 0x14,
                          0x02040103);  // components at 0x30, two of them; regions at 0x40
  store_le<std::uint32_t>(image, 0x18, 0x12100206);  // masters at 0x60; 18 straps at 0x100
  store_le<std::uint32_t>(image, 0x1c, 0x00210120);  // one processor strap at 0x200
  store_le<std::uint32_t>(image, 0x30, 0x4990001c);  // 8 MiB and 4 MiB
  const std::array<Range, 4> regions{SampleImage::fd, SampleImage::bios, SampleImage::me,
                                     SampleImage::gbe};
  for (std::size_t i = 0; i < regions.size(); ++i)
    store_le<std::uint32_t>(image, 0x40 + 4 * i, encode_region(regions[i]));
  store_le<std::uint32_t>(image, 0x50, 0x00001fff);
  for (std::size_t i = 0; i < 3; ++i)
    store_le<std::uint32_t>(image, 0x60 + 4 * i, i < 2 ? 0xffff0000U : 0x08080118U);
}

inline void put_gbe(Bytes image) {
  for (const std::uint64_t part : {std::uint64_t{0}, SampleImage::gbe.size / 2}) {
    const Bytes nvm = image.subspan(SampleImage::gbe.offset + part, 128);
    std::ranges::copy(SampleImage::mac, nvm.begin());
    store_le<std::uint16_t>(nvm, 2 * 13, 0x1502);
    store_le<std::uint16_t>(nvm, 2 * 0x13, 0x8000);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < 126; at += 2) sum += load_le<std::uint16_t>(nvm, at);
    store_le<std::uint16_t>(nvm, 126, static_cast<std::uint16_t>(0xbaba - sum));
  }
}

inline void put_name(Bytes image, std::uint64_t at, std::string_view name) {
  std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(at), 32, std::uint8_t{0});
  std::ranges::copy(name, image.begin() + static_cast<std::ptrdiff_t>(at));
}

inline void put_fmap(Bytes image) {
  const std::vector<std::pair<std::string_view, Range>> areas{{"SI_BIOS", SampleImage::bios},
                                                              {"FMAP", SampleImage::fmap},
                                                              {"COREBOOT", SampleImage::coreboot}};
  std::uint64_t at = SampleImage::fmap.offset;
  std::ranges::copy(std::string_view("__FMAP__"), image.begin() + static_cast<std::ptrdiff_t>(at));
  image[at + 8] = 1;
  image[at + 9] = 1;
  store_le<std::uint64_t>(image, at + 10, 0x100000000 - SampleImage::size);
  store_le<std::uint32_t>(image, at + 18, static_cast<std::uint32_t>(SampleImage::size));
  put_name(image, at + 22, "FLASH");
  store_le<std::uint16_t>(image, at + 54, static_cast<std::uint16_t>(areas.size()));
  at += 56;
  for (const auto& [name, range] : areas) {
    store_le<std::uint32_t>(image, at, static_cast<std::uint32_t>(range.offset));
    store_le<std::uint32_t>(image, at + 4, static_cast<std::uint32_t>(range.size));
    put_name(image, at + 8, name);
    store_le<std::uint16_t>(image, at + 40, 0);
    at += 42;
  }
}

/// One empty entry over the whole area, as a new CBFS has it: four bytes at the end stay free for
/// the master header's pointer.
inline void put_empty_cbfs(Bytes image) {
  const std::uint64_t at = SampleImage::coreboot.offset;
  std::ranges::copy(std::string_view("LARCHIVE"), image.begin() + static_cast<std::ptrdiff_t>(at));
  store_be<std::uint32_t>(image, at + 8,
                          static_cast<std::uint32_t>(SampleImage::coreboot.size - 28 - 4));
  store_be<std::uint32_t>(image, at + 12, 0xffffffff);
  store_be<std::uint32_t>(image, at + 16, 0);
  store_be<std::uint32_t>(image, at + 20, 28);
  store_be<std::uint32_t>(image, at + 24, 0);
}

/// Bytes that look like firmware: neither blank nor random, and different for each seed.
inline Buffer sample_content(std::size_t size, std::uint32_t seed) {
  Buffer content(size);
  std::uint32_t state = seed * 2654435761U + 1;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 3 == 0) state = state * 1664525U + 1013904223U;
    content[i] = static_cast<std::uint8_t>(state >> (i % 2 == 0 ? 24 : 12));
  }
  return content;
}

/// An image without vendor files: what a build makes before they are inserted.
inline Buffer sample_image(std::string_view variant = "txtmode") {
  Buffer image(SampleImage::size, 0xff);
  put_descriptor(image);
  put_gbe(image);
  put_fmap(image);
  put_empty_cbfs(image);
  images::CbfsEditor cbfs(image, SampleImage::coreboot);
  cbfs.add("config", as_bytes(variant));
  images::CbfsAddOptions payload;
  payload.type = 0x20;
  cbfs.add("fallback/payload", sample_content(200000, static_cast<std::uint32_t>(variant.size())),
           payload);
  return image;
}

/// What stands for the vendor's files: an ME image with a partition table, an EC's firmware.
inline Buffer sample_me() {
  Buffer me = sample_content(0x17000, 7);
  std::fill_n(me.begin(), 0x400, std::uint8_t{0xff});
  std::ranges::copy(std::string_view("$FPT"), me.begin() + 0x10);
  store_le<std::uint32_t>(me, 0x14, 1);
  me[0x18] = 0x20;
  me[0x19] = 0x10;
  me[0x1a] = 0x30;
  std::fill_n(me.begin() + 0x30, 0x20, std::uint8_t{0});
  std::ranges::copy(std::string_view("FTPR"), me.begin() + 0x30);
  store_le<std::uint32_t>(me, 0x38, 0x400);
  store_le<std::uint32_t>(me, 0x3c, 0x16c00);
  me[0x1b] = 0;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 0x30; ++i) sum += me[i];
  me[0x1b] = static_cast<std::uint8_t>(0U - sum);
  return me;
}
inline Buffer sample_ec() { return sample_content(40000, 11); }

}  // namespace romwright::test
