// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_stage.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

template <typename Body>
std::string error_of(Body&& body) {
  try {
    static_cast<void>(body());
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

Rmodule sample() {
  Rmodule module;
  module.link_address = 0x2000;
  module.memory_size = 0x40;
  module.entry = 0x2004;
  module.bss_begin = 0x2010;
  module.bss_end = 0x2040;
  module.program = test::pattern(0x10, 9);
  module.relocations = {0x2004, 0x2008};
  return module;
}

TEST(CbfsStage, FromElf) {
  const CbfsStage stage = stage_from_elf(test::elf32(
      0x1012, {{0x1010, Buffer{1, 2, 3}, 3}, {0x1008, Buffer{9}, 1}, {0x1020, {}, 0x30}}));
  EXPECT_EQ(to_hex(stage.content),
            "0900000000000000010203000000000000000000000000"
            "00");
  EXPECT_EQ(stage.header, (CbfsStageHeader{0x1008, 10, 0x48}));
}

TEST(CbfsStage, RefusesElfFilesThatAreDamaged) {
  const Buffer elf = test::elf32(0x1000, {{0x1000, test::pattern(64, 1), 64}});
  EXPECT_EQ(error_of([&] { return stage_from_elf(Buffer(100)); }), "is no ELF file");
  EXPECT_EQ(error_of([&] { return stage_from_elf(test::elf32(0, {})); }),
            "is an ELF file without a program to load");
  EXPECT_EQ(error_of([&] {
              return stage_from_elf(test::elf32(0, {{0, {1}, 1}, {0xf0000000, {1}, 1}}));
            }),
            "its segments span 0x0 to 0xf0000001, more than any flash holds");
  for (std::size_t size = 0; size < elf.size(); ++size)
    EXPECT_NE(error_of([&] { return stage_from_elf(ConstBytes(elf).first(size)); }), "no error")
        << size;
}

TEST(CbfsStage, FromAnRmodule) {
  const CbfsStage stage = stage_from_program(sample().serialize());
  EXPECT_EQ(stage.content, sample().serialize());
  EXPECT_EQ(stage.header, (CbfsStageHeader{0, 0, 64 + 0x40}));
  const CbfsStage again = stage_from_program(sample().to_elf());
  EXPECT_EQ(again.content, stage.content);
  EXPECT_EQ(again.header, stage.header);
}

TEST(CbfsStage, RefusesRmodulesThatAreDamaged) {
  const Buffer whole = sample().serialize();
  EXPECT_EQ(error_of([&] { return Rmodule::parse(Buffer(64)); }), "is no rmodule");
  for (const std::size_t word : {4U, 8U, 12U, 16U}) {
    Buffer damaged = whole;
    store_le(Bytes(damaged), word, std::uint32_t{0xfffffff0});
    EXPECT_NE(error_of([&] { return Rmodule::parse(damaged); }), "no error") << word;
  }
  Buffer damaged = whole;
  store_le(Bytes(damaged), 8, std::uint32_t{0});
  EXPECT_EQ(error_of([&] { return Rmodule::parse(damaged); }),
            "its program bytes end before they begin");
}

Buffer legacy(CbfsCompression compression, std::uint32_t memory) {
  const Buffer content = cbfs_compress(compression, Buffer(1000, 'x'));
  Buffer stage(28);
  store_le(Bytes(stage), 0, static_cast<std::uint32_t>(compression));
  store_le(Bytes(stage), 4, std::uint64_t{0x1040});
  store_le(Bytes(stage), 12, std::uint64_t{0x1000});
  store_le(Bytes(stage), 20, static_cast<std::uint32_t>(content.size()));
  store_le(Bytes(stage), 24, memory);
  stage.insert(stage.end(), content.begin(), content.end());
  return stage;
}

TEST(CbfsStage, FromAnOlderOne) {
  for (const CbfsCompression compression :
       {CbfsCompression::none, CbfsCompression::lzma, CbfsCompression::lz4}) {
    const CbfsStage stage = stage_from_legacy(legacy(compression, 2000));
    EXPECT_EQ(stage.content, Buffer(1000, 'x'));
    EXPECT_EQ(stage.header, (CbfsStageHeader{0x1000, 0x40, 2000}));
  }
  EXPECT_EQ(error_of([&] { return stage_from_legacy(legacy(CbfsCompression::lzma, 999)); }),
            "expands to 1 000 bytes, where at most 999 bytes are allowed");
  EXPECT_EQ(error_of([&] { return stage_from_legacy(legacy(CbfsCompression::lz4, 0xffffffff)); }),
            "declares 4 294 967 295 bytes, which is more than any flash holds (64 MiB)");
  EXPECT_EQ(error_of([&] { return stage_from_legacy(Buffer(27)); }),
            "stage header: 0x0+0x1c lies outside 0x1b bytes");
}

}  // namespace
}  // namespace romwright::images
