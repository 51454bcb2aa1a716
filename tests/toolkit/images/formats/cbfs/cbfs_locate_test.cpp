// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_locate.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

namespace romwright::images {
namespace {

std::string error_of(const Buffer& image) {
  try {
    static_cast<void>(locate_cbfs(image));
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LocateCbfs, ByFmap) {
  const Buffer image = test::bootblock_image(0x40000);
  EXPECT_EQ(locate_cbfs(image), (Range{0x1000, 0x3c000}));
  EXPECT_EQ(locate_cbfs(image, "BOOTBLOCK"), (Range{0x3d000, 0x3000}));
  EXPECT_EQ(locate_cbfs(image, "RW_A"), std::nullopt);
}

TEST(LocateCbfs, ByTheMasterHeaderOfOldImages) {
  const Buffer image = test::legacy_image(0x40000);
  EXPECT_EQ(locate_cbfs(image), (Range{0, 0x40000}));
  EXPECT_EQ(locate_cbfs(image, "RW_A"), std::nullopt);
}

TEST(LocateCbfs, ByTheMasterHeaderFile) {
  Buffer image(0x40000, 0xff);
  test::put_free_space(image, 0x10000, 0x30000 - 28);
  Buffer header(32);
  const std::uint32_t words[] = {0x4f524243, 0x31313132, 0x40000, 4, 64, 0x10000, 1, 0xffffffff};
  for (std::size_t i = 0; i < 8; ++i) store_be(Bytes(header), 4 * i, words[i]);
  CbfsAddOptions options;
  options.type = CbfsType::cbfs_header;
  CbfsEditor editor(image, {0x10000, 0x30000});
  editor.add("cbfs master header", header, options);
  options.type = CbfsType::bootblock;
  options.position = CbfsPosition::from_end(0x1000);
  editor.add("bootblock", Buffer(0x1000, 0x90), options);
  const std::uint64_t at = editor.view().find("cbfs master header")->data.offset;
  store_le(Bytes(image), image.size() - 4, static_cast<std::uint32_t>(at - image.size()));
  EXPECT_EQ(locate_cbfs(image), (Range{0x10000, 0x30000}));
}

TEST(LocateCbfs, NothingWhereNothingIs) {
  EXPECT_EQ(locate_cbfs(Buffer()), std::nullopt);
  EXPECT_EQ(locate_cbfs(Buffer(35, 0)), std::nullopt);
  EXPECT_EQ(locate_cbfs(Buffer(0x1000, 0xff)), std::nullopt);
  EXPECT_EQ(locate_cbfs(Buffer(0x1000, 0)), std::nullopt);
}

TEST(LocateCbfs, RefusesAMasterHeaderThatContradictsTheImage) {
  const Buffer image = test::legacy_image(0x40000);
  const auto with = [&](std::size_t word, std::uint32_t value) {
    Buffer changed = image;
    store_be(Bytes(changed), image.size() - 36 + 4 * word, value);
    return error_of(changed);
  };
  EXPECT_EQ(with(0, 7), "no error");
  EXPECT_EQ(with(1, 7), "CBFS master header at 0x3ffdc: has the unknown version 0x7");
  EXPECT_EQ(
      with(2, 0x40001),
      "CBFS master header at 0x3ffdc: is for an image of 0x40001 bytes, and this one has 0x40000");
  EXPECT_EQ(with(4, 0),
            "CBFS master header at 0x3ffdc: aligns files to 0 bytes, where 64 is supported");
  EXPECT_EQ(with(5, 0x40000),
            "CBFS master header at 0x3ffdc: puts the first file at 0x40000, in an image of 0x40000 "
            "bytes");
  EXPECT_EQ(
      with(5, 0x20),
      "CBFS master header at 0x3ffdc: puts the first file at 0x20, in an image of 0x40000 bytes");
}

}  // namespace
}  // namespace romwright::images
