// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_types.h"

#include <gtest/gtest.h>

namespace romwright::images {
namespace {

TEST(CbfsTypes, NamesAndNumbersAreTheSame) {
  constexpr std::pair<std::uint32_t, std::string_view> known[] = {
      {0, "deleted"},         {1, "bootblock"},     {2, "cbfs header"},    {0x10, "legacy stage"},
      {0x11, "stage"},        {0x20, "simple elf"}, {0x21, "fit_payload"}, {0x30, "optionrom"},
      {0x40, "bootsplash"},   {0x50, "raw"},        {0x51, "vsa"},         {0x52, "mbi"},
      {0x53, "microcode"},    {0x54, "intel_fit"},  {0x60, "fsp"},         {0x61, "mrc"},
      {0x62, "mma"},          {0x63, "efi"},        {0x70, "struct"},      {0x80, "amdfw"},
      {0xaa, "cmos_default"}, {0xab, "spd"},        {0xac, "mrc_cache"},   {0x1aa, "cmos_layout"},
      {0xffffffff, "null"}};
  for (const auto& [number, name] : known) {
    EXPECT_EQ(cbfs_type_name(number), name);
    EXPECT_EQ(parse_cbfs_type(name), number);
  }
  EXPECT_EQ(parse_cbfs_type("fit"), 0x21U);
}

TEST(CbfsTypes, NumbersWithoutAName) {
  EXPECT_EQ(cbfs_type_name(0x1234), "0x1234");
  EXPECT_EQ(parse_cbfs_type("0x1234"), 0x1234U);
  EXPECT_EQ(parse_cbfs_type("80"), 80U);
  for (const std::string_view text : {"", "Raw", "0x", "0x123456789", "-1", "80 ", "raw "})
    EXPECT_EQ(parse_cbfs_type(text), std::nullopt) << text;
}

}  // namespace
}  // namespace romwright::images
