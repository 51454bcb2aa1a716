// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me7_update.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/me_firmware_images.h"

namespace romwright::images {
namespace {

using namespace romwright::test;

constexpr std::size_t partition_size = 0x76000;

/// An update with two modules that are not compressed: ROMP at `romp`, KERNEL at 0x2000.
Buffer update(std::uint32_t romp) {
  Buffer bytes(partition_size + 0x100, 0x5a);
  const Bytes code(bytes);
  put_me_manifest(code, "$MN2", {7, 1, 40, 1161});
  store_le<std::uint32_t>(code, 0x20, 2);
  put_me_module(code.subspan(0x290), {"ROMP", 0, romp, 0x100, 0, 0});
  put_me_module(code.subspan(0x2f0), {"KERNEL", 0, 0x2000, 0x1000, 0, 0});
  sign_me_manifest(code, 0x400);
  return bytes;
}

std::string refusal(const Buffer& bytes) {
  try {
    (void)region_of_me7_update(bytes);
    return "no error";
  } catch (const ImageError& error) {
    return error.line();
  }
}

TEST(Me7Update, BecomesACleanedRegion) {
  const Buffer region = region_of_me7_update(update(0x3000));
  // 0x3100 behind 0x400, its block, and four to spare.
  EXPECT_EQ(region.size(), 0x8000U);
  EXPECT_EQ(load_le<std::uint32_t>(region, 0x38), 0x400U);
  EXPECT_EQ(load_le<std::uint32_t>(region, 0x3c), partition_size);
  EXPECT_TRUE(all_equal(ConstBytes(region).subspan(0x50, 0x3b0), 0xff));
  EXPECT_TRUE(all_equal(ConstBytes(region).subspan(0x2400, 0x1000), 0xff));
  EXPECT_TRUE(all_equal(ConstBytes(region).subspan(0x3400, 0x4c00), 0x5a));
}

TEST(Me7Update, EndsWithItsPartitionAtMost) {
  const Buffer region = region_of_me7_update(update(partition_size - 0x100));
  EXPECT_EQ(region.size(), 0x400 + partition_size);
  EXPECT_EQ(region.back(), 0x5a);
}

TEST(Me7Update, OtherFilesAreRefused) {
  Buffer bytes = update(0x3000);
  bytes.resize(partition_size - 1);
  EXPECT_EQ(refusal(bytes), "ME 7 update: 0x0+0x76000 lies outside 0x75fff bytes");
  bytes = update(0x3000);
  bytes[0x24] = 8;
  EXPECT_EQ(refusal(bytes), "ME 7 update: version 8 (only those of ME 7 are known)");
  bytes = update(0x3000);
  bytes[0x1c] = 'X';
  EXPECT_EQ(refusal(bytes), "ME 7 update: it does not begin with a manifest ($MN2)");
  bytes = update(0x3000);
  bytes[0x300] ^= 1;
  EXPECT_EQ(refusal(bytes),
            "ME 7 update: the signature of FTPR is not valid (the firmware was damaged or changed "
            "before)");
  bytes = update(0x3000);
  bytes[0x290] = 'X';
  sign_me_manifest(bytes, 0x400);
  EXPECT_EQ(refusal(bytes), "ME 7 update: its modules are not listed as they should be");
}

}  // namespace
}  // namespace romwright::images
