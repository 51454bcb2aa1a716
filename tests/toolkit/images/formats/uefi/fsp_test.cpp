// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/fsp.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/uefi_images.h"

namespace romwright::images {
namespace {

/// A component of `size` bytes, of two volumes; `kind` is in bits 12 to 15.
Buffer component(unsigned kind, std::uint32_t size) {
  Buffer header(0x48);
  std::ranges::copy(as_bytes("FSPH"), header.begin());
  store_le(header, 4, std::uint32_t{0x48});
  header[0x0b] = 3;
  store_le(header, 0x0c, std::uint32_t{0x03070100});
  std::ranges::copy(as_bytes("$TESTFSP"), header.begin() + 0x10);
  store_le(header, 0x18, size);
  store_le(header, 0x1c, std::uint32_t{0xfff00000});
  store_le(header, 0x22, static_cast<std::uint16_t>(kind << 12 | 3));
  return test::joined(
      {test::volume(0x400, {test::firmware_file("912740BE-2284-4734-B971-84B027353F0C", 0x01,
                                                test::section(0x19, header))}),
       test::volume(size - 0x400, {})});
}

std::string error_of(const Buffer& fsp) {
  try {
    (void)read_fsp(fsp);
    return "no error";
  } catch (const ImageError& error) {
    return error.line();
  }
}

TEST(Fsp, IsSplitByItsHeaders) {
  const Buffer fsp = test::joined({component(3, 0x800), component(2, 0x1000), component(1, 0x600)});
  const std::vector<FspComponent> components = read_fsp(fsp);
  ASSERT_EQ(components.size(), 3U);
  EXPECT_EQ(components[0].letter, 'S');
  EXPECT_EQ(components[1].letter, 'M');
  EXPECT_EQ(components[2].letter, 'T');
  EXPECT_EQ(components[0].range, (Range{0, 0x800}));
  EXPECT_EQ(components[1].range, (Range{0x800, 0x1000}));
  EXPECT_EQ(components[2].range, (Range{0x1800, 0x600}));
  EXPECT_EQ(components[0].image_id, "$TESTFSP");
  EXPECT_EQ(components[0].header_revision, 3);
  EXPECT_EQ(components[0].image_revision, 0x03070100U);
  EXPECT_EQ(components[0].image_base, 0xfff00000U);
}

TEST(Fsp, RefusesDamage) {
  EXPECT_EQ(error_of({}), "is no FSP: no firmware volume begins with an FSP header");
  EXPECT_EQ(error_of(test::volume(0x400, {})),
            "is no FSP: no firmware volume begins with an FSP header");
  EXPECT_EQ(error_of(component(0, 0x800)),
            "FSP component at 0x0: is of the unknown kind 0 (packages before version 2 are not "
            "split)");
  Buffer cut = component(2, 0x800);
  cut.resize(0x7ff);
  EXPECT_EQ(error_of(cut),
            "FSP component at 0x0: has 0x800 bytes, where 0x7ff are left and its first volume has "
            "0x400");
}

}  // namespace
}  // namespace romwright::images
