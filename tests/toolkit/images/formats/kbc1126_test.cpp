// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/kbc1126.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/kbc1126_images.h"

namespace romwright::images {
namespace {

std::string error_of(ConstBytes image) {
  try {
    (void)read_kbc1126(image);
    return "no error";
  } catch (const ImageError& error) {
    return error.line();
  }
}

/// As coreboot's kbc1126_ec_insert makes it, with the parts at 0xfffe8000 and 0xfffd0000.
class Kbc1126 : public testing::Test {
 protected:
  Buffer image_ = test::kbc1126_image(0x100000, {0xe8000, test::pattern(0x700, 3)},
                                      {0xd0000, test::pattern(0xf000, 5)});
};

TEST_F(Kbc1126, IsFoundByItsTable) {
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(0xfff00, 8)), "fe80017ffd0002ff");
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(0xe8000, 4)), "0007807c");
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(0xd0000, 4)), "00f00088");
  const Kbc1126Firmware firmware = read_kbc1126(image_);
  EXPECT_EQ(firmware.parts[0], (Range{0xe8000, 0x704}));
  EXPECT_EQ(firmware.parts[1], (Range{0xd0000, 0xf004}));
}

TEST_F(Kbc1126, RefusesDamage) {
  EXPECT_EQ(error_of(Buffer(10)), "10 bytes are no flash image");
  EXPECT_EQ(error_of(Buffer(0x1000, 0xff)),
            "EC firmware table at 0xf00: no pointer but ffffffff (the image has no firmware for a "
            "KBC1126)");
  Buffer damaged = image_;
  damaged[0xe8004] ^= 1;
  EXPECT_EQ(error_of(damaged),
            "EC firmware 1 at 0xe8000: has the checksum 0x7c7f instead of 0x7c80");
  damaged = image_;
  damaged[0xfff04] = 0xe0, damaged[0xfff06] = 0x1f;
  EXPECT_EQ(error_of(damaged),
            "EC firmware table at 0xfff00: points 0x200000 bytes before the end of 0x100000 bytes");
  damaged = image_;
  damaged[0xd0000] = damaged[0xd0001] = 0;
  EXPECT_EQ(error_of(damaged), "EC firmware 2 at 0xd0000: is empty");
  damaged = image_;
  damaged[0xfff00] = 0xff, damaged[0xfff01] = 0xff;
  damaged[0xfff02] = damaged[0xfff03] = 0;
  EXPECT_EQ(error_of(damaged).substr(0, 30), "EC firmware 1 at 0xfff00: cont");
}

}  // namespace
}  // namespace romwright::images
