// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_guid.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr const char* text = "8C8CE578-8A3D-4F1C-9935-896185C32DD3";
const Buffer bytes = {0x78, 0xe5, 0x8c, 0x8c, 0x3d, 0x8a, 0x1c, 0x4f,
                      0x99, 0x35, 0x89, 0x61, 0x85, 0xc3, 0x2d, 0xd3};

TEST(UefiGuid, IsReadFromTextAndBytes) {
  EXPECT_EQ(to_string(UefiGuid::at(bytes, 0)), text);
  EXPECT_EQ(UefiGuid::parse(text), UefiGuid::at(bytes, 0));
  EXPECT_EQ(UefiGuid::parse("8c8ce578-8a3d-4f1c-9935-896185c32dd3"), UefiGuid::at(bytes, 0));
  EXPECT_EQ(uefi_guid("8C8CE578-8A3D-4F1C-9935-896185c32dd3"), UefiGuid::at(bytes, 0));
}

TEST(UefiGuid, RefusesOtherText) {
  for (const char* wrong :
       {"", "8C8CE578", "8C8CE578-8A3D-4F1C-9935-896185C32DD",
        "8C8CE578-8A3D-4F1C-9935-896185C32DDG", "8C8CE578x8A3D-4F1C-9935-896185C32DD3"})
    EXPECT_FALSE(UefiGuid::parse(wrong)) << wrong;
  EXPECT_THROW((void)UefiGuid::at(bytes, 1), ImageError);
}

}  // namespace
}  // namespace romwright::images
