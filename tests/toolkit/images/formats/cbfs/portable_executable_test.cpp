// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/portable_executable.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"

namespace romwright::images {
namespace {

/// A block of relocations at `at`: of the words at page + 4 (32 bits) and page + 8 (64 bits).
void put_relocations(Bytes program, std::size_t at, std::uint32_t page) {
  store_le(program, at, page);
  store_le(program, at + 4, std::uint32_t{14});
  store_le(program, at + 8, std::uint16_t{0x3004});
  store_le(program, at + 10, std::uint16_t{0xa008});
  store_le(program, at + 12, std::uint16_t{0});
}

/// A PE program of 0x200 bytes with its words at 0x180 and a table at 0x1a0.
Buffer program(bool wide) {
  Buffer bytes(0x200);
  store_le(Bytes(bytes), 0x3c, std::uint32_t{0x40});
  test::put(bytes, 0x40, as_bytes("PE"));
  const std::size_t optional = 0x58, directories = optional + (wide ? 112 : 96);
  store_le(Bytes(bytes), optional, static_cast<std::uint16_t>(wide ? 0x20b : 0x10b));
  if (wide)
    store_le(Bytes(bytes), optional + 24, std::uint64_t{0xffc00000});
  else
    store_le(Bytes(bytes), optional + 28, std::uint32_t{0xffc00000});
  store_le(Bytes(bytes), directories - 4, std::uint32_t{6});
  store_le(Bytes(bytes), directories + 40, std::uint32_t{0x1a0});
  store_le(Bytes(bytes), directories + 44, std::uint32_t{14});
  store_le(Bytes(bytes), 0x184, std::uint32_t{0x11});
  store_le(Bytes(bytes), 0x188, std::uint64_t{0xffc00010});
  put_relocations(bytes, 0x1a0, 0x180);
  return bytes;
}

TEST(Pe32, MovesWordsAndImageBase) {
  for (const bool wide : {false, true}) {
    Buffer bytes = program(wide);
    relocate_pe32(bytes, 0xfffff000);
    EXPECT_EQ(load_le<std::uint32_t>(bytes, 0x184), 0xfffff011U);
    EXPECT_EQ(load_le<std::uint64_t>(bytes, 0x188), 0xffbff010U);
    if (wide)
      EXPECT_EQ(load_le<std::uint64_t>(bytes, 0x58 + 24), 0xffbff000U);
    else
      EXPECT_EQ(load_le<std::uint32_t>(bytes, 0x58 + 28), 0xffbff000U);
    Buffer expected = program(wide);
    relocate_pe32(bytes, 0x1000);
    EXPECT_EQ(bytes, expected);
  }
}

TEST(Te, MovesWordsToWhereItLies) {
  Buffer bytes(0x100);
  store_le(Bytes(bytes), 0, std::uint16_t{0x5a56});
  store_le(Bytes(bytes), 6,
           std::uint16_t{0x128});  // 0x100 bytes more than the header were stripped
  store_le(Bytes(bytes), 16, std::uint64_t{0x1000});
  store_le(Bytes(bytes), 24, std::uint32_t{0x1a0});
  store_le(Bytes(bytes), 28, std::uint32_t{14});
  store_le(Bytes(bytes), 0x84, std::uint32_t{0x1180});
  store_le(Bytes(bytes), 0x88, std::uint64_t{0x1180});
  put_relocations(bytes, 0xa0, 0x180);
  relocate_te(bytes, 0x5100);
  EXPECT_EQ(load_le<std::uint64_t>(bytes, 16), 0x5000U);
  EXPECT_EQ(load_le<std::uint32_t>(bytes, 0x84), 0x5180U);
  EXPECT_EQ(load_le<std::uint64_t>(bytes, 0x88), 0x5180U);
}

template <typename Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Pe32, RefusesDamagedPrograms) {
  Buffer bytes = program(false);
  store_le(Bytes(bytes), 0x1a4, std::uint32_t{0});
  EXPECT_EQ(error_of([&] { relocate_pe32(bytes, 1); }), "relocation block at 0x1a0: has 0x0 bytes");
  bytes = program(false);
  store_le(Bytes(bytes), 0x1a0, std::uint32_t{0xfffffff0});
  EXPECT_EQ(error_of([&] { relocate_pe32(bytes, 1); }),
            "relocated word: 0xfffffff4+0x4 lies outside 0x200 bytes");
  bytes = program(false);
  store_le(Bytes(bytes), 0x1a8, std::uint16_t{0x5000});
  EXPECT_EQ(error_of([&] { relocate_pe32(bytes, 1); }),
            "relocation block at 0x1a0: has the unknown type 5");
  bytes = program(false);
  bytes[0x40] = 'X';
  EXPECT_EQ(error_of([&] { relocate_pe32(bytes, 1); }), "PE program: has no PE signature");
  EXPECT_EQ(error_of([&] { relocate_te(bytes, 1); }), "TE program: has no TE signature");
}

}  // namespace
}  // namespace romwright::images
