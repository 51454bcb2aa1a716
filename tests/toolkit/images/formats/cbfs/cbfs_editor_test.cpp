// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"

namespace romwright::images {
namespace {

constexpr std::size_t image_size = 0x40000;
constexpr Range region{0x1000, image_size - 0x1000};

/// An image, its editor, and the promise that what throws changes nothing.
class EditingCbfs : public testing::Test {
 protected:
  CbfsEditor editor() { return {image_, region}; }
  void add(std::string_view name, std::size_t size, const CbfsAddOptions& options = {}) {
    editor().add(name, test::pattern(size, 1), options);
  }
  template <typename Kind = ImageError, typename Body>
  std::string error_of(Body&& body) {
    const Buffer before = image_;
    std::string line = "no error";
    try {
      body();
    } catch (const Kind& error) {
      line = error.line();
    }
    EXPECT_EQ(image_, before);
    return line;
  }
  static CbfsAddOptions at(std::string_view position) {
    CbfsAddOptions options;
    options.position = CbfsPosition::parse(position);
    return options;
  }

  Buffer image_ = test::fmap_image(image_size);
};

TEST_F(EditingCbfs, AddsAndRemovesWithoutATrace) {
  add("a", 100);
  const Buffer before = image_;
  add("b", 5000, at("0x20000"));
  EXPECT_NE(image_, before);
  EXPECT_EQ(editor().view().find("b")->data, (Range{0x21000, 5000}));
  editor().remove("b");
  // Only the length of the last free space tells: it reaches the end again.
  Buffer expected = before;
  store_be(Bytes(expected), 0x1088, load_be<std::uint32_t>(before, 0x1088) + 4);
  EXPECT_EQ(image_, expected);
}

TEST_F(EditingCbfs, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_of([&] { add("a", 0x40000); }),
            "CBFS file a: 0x4001c bytes do not fit: the largest free space has 0x3f000");
  EXPECT_EQ(error_of([&] { add("a", 0x3efe5); }),
            "CBFS file a: 0x3f001 bytes do not fit: the largest free space has 0x3f000");
  EXPECT_EQ(error_of([&] { add("a", 16, at("0x10")); }),
            "CBFS file a: no room for its header of 28 bytes before 0x1010: the space there begins "
            "at 0x1000");
  EXPECT_EQ(error_of([&] { add("a", 0x101, at("-0x100")); }),
            "CBFS file a: 0x101 bytes at 0x3ff00 run into what lies at 0x40000");
  add("b", 100, at("0x1000"));
  EXPECT_EQ(error_of([&] { add("a", 16, at("0x1010")); }),
            "CBFS file a: offset 0x2010 is taken (another file of the CBFS lies there)");
  add("whole", 0x3cf00);
  CbfsAddOptions aligned;
  aligned.alignment = 0x8000;
  EXPECT_EQ(error_of([&] { add("a", 0x200, aligned); }),
            "CBFS file a: 0x200 bytes aligned to 0x8000 do not fit");
}

TEST_F(EditingCbfs, FillsTheRegionToTheLastByte) {
  add("a", 0x3efe4);
  EXPECT_EQ(editor().view().files().size(), 1U);
  EXPECT_EQ(editor().view().files()[0].entry, region);
  editor().remove("A");
  EXPECT_EQ(image_, test::fmap_image(image_size));
}

TEST_F(EditingCbfs, RefusesNamesAndOptionsThatNoFileHas) {
  add("config", 10);
  EXPECT_EQ(error_of([&] { add("CONFIG", 10); }),
            "CBFS file CONFIG: is in the image already (remove it first)");
  EXPECT_EQ(error_of([&] { add("", 10); }),
            "CBFS file : is no name for a CBFS file (printable characters, of which the first is "
            "not [)");
  EXPECT_EQ(error_of([&] { add("[x", 10); }),
            "CBFS file [x: is no name for a CBFS file (printable characters, of which the first is "
            "not [)");
  const std::string long_name(232, 'n');
  EXPECT_EQ(
      error_of([&] { add(long_name, 10); }),
      "CBFS file " + long_name + ": its name of 232 characters does not fit into a CBFS header");
  EXPECT_EQ(error_of([&] { add("x", 0); }), "CBFS file x: is empty");
  EXPECT_EQ(error_of([&] { editor().remove("x"); }), "CBFS file x: is not in the image");
  CbfsAddOptions options;
  options.type = CbfsType::null;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }),
            "CBFS file x: type null is free space, no file");
  options = {};
  options.alignment = 48;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }),
            "CBFS file x: alignment 0x30 is no power of two");
  options = at("0x1000");
  options.alignment = 64;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }),
            "CBFS file x: a position and an alignment exclude each other");
  options = {};
  options.hash = 9;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }), "CBFS file x: hash algorithm 9 is not known");
  options = {};
  options.padding = 300;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }),
            "CBFS file x: 300 bytes of padding do not fit into a CBFS header");
  options.padding = 240;
  EXPECT_EQ(error_of([&] { add("x", 10, options); }),
            "CBFS file x: its header of 268 bytes is larger than the 256 that coreboot reads (a "
            "shorter name, or less padding)");
}

TEST_F(EditingCbfs, ADamagedCbfsIsNotTouched) {
  add("a", 10);
  store_be(Bytes(image_), 0x1008, std::uint32_t{0x7fffffff});
  EXPECT_EQ(error_of([&] { add("b", 10); }),
            "CBFS file b: CBFS entry at 0x1000: 0x1c+0x7fffffff bytes leave the CBFS, of which "
            "0x3f000 are left (the CBFS is damaged)");
}

TEST_F(EditingCbfs, StoresWhatDoesNotShrink) {
  CbfsAddOptions options;
  options.compression = CbfsCompression::lzma;
  editor().add("short", Buffer{1, 2, 3}, options);
  editor().add("long", Buffer(5000, 'a'), options);
  EXPECT_EQ(editor().view().find("short")->compression, CbfsCompression::none);
  EXPECT_EQ(editor().view().find("long")->compression, CbfsCompression::lzma);
  EXPECT_EQ(editor().view().find("long")->decompressed_size, 5000U);
  EXPECT_EQ(editor().view().contents("long"), Buffer(5000, 'a'));
  EXPECT_LT(editor().view().raw("long").size(), 100U);
}

/// A FIT at 0x3f000 that points to a microcode update in the file "microcode" and to 0x200 bytes of
/// a startup module at 0x20000 of the image.
class WithFit : public EditingCbfs {
 protected:
  void SetUp() override {
    CbfsAddOptions options = at("0x8000");
    options.type = CbfsType::raw;
    Buffer update = test::pattern(0x400, 5);
    store_le(Bytes(update), 0x20, std::uint32_t{0x400});
    editor().add("blob", update, options);
    options = at("0x3e000");
    options.type = CbfsType::bootblock;
    Buffer bootblock(0x1000, 0x90);
    const std::uint64_t base = 0x100000000ULL - image_size;
    entry(bootblock, 0, load_le<std::uint64_t>(as_bytes("_FIT_   ")), 3, 0);
    entry(bootblock, 1, base + 0x9000, 0, 1);
    entry(bootblock, 2, base + 0x20000, 0x20, 7);
    store_le(Bytes(bootblock), 0x1000 - 0x40, base + 0x3f000);
    editor().add("bootblock", bootblock, options);
  }
  static void entry(Buffer& table, std::size_t index, std::uint64_t address, std::uint32_t size,
                    std::uint8_t type) {
    store_le(Bytes(table), index * 16, address);
    store_le(Bytes(table), index * 16 + 8, size);
    table[index * 16 + 14] = type;
  }
};

TEST_F(WithFit, WhatItPointsToStays) {
  EXPECT_EQ(error_of<RefusedError>([&] { editor().remove("blob"); }),
            "CBFS file blob: the Firmware Interface Table points to 0x9000+0x400, inside it (the "
            "processor looks for it there before it starts)");
  EXPECT_EQ(
      error_of<RefusedError>([&] { editor().remove("bootblock"); }),
      "CBFS file bootblock: type bootblock is never removed (the machine needs it where it is)");
  EXPECT_EQ(error_of<RefusedError>([&] { add("over", 0x10000, at("0x18000")); }),
            "CBFS file over: would change 0x20000+0x200, which the Firmware Interface Table points "
            "to (the processor looks for it there before it starts)");
  add("beside", 0x10000, at("0x24000"));
  editor().remove("beside");
}

TEST_F(WithFit, MicrocodeStaysWithoutOneToo) {
  CbfsAddOptions options;
  options.type = CbfsType::microcode;
  add("cpu_microcode_blob.bin", 0x100, options);
  EXPECT_EQ(
      error_of<RefusedError>([&] { editor().remove("cpu_microcode_blob.bin"); }),
      "CBFS file cpu_microcode_blob.bin: type microcode is never removed (the machine needs it "
      "where it is)");
}

}  // namespace
}  // namespace romwright::images
