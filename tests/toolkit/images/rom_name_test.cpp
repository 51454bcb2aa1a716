// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/rom_name.h"

#include <gtest/gtest.h>

namespace romwright::images {
namespace {

TEST(RomName, TellsThePrefixApart) {
  const auto name = parse_rom_name(
      "DO_NOT_FLASH_YET._FIRST,_INJECT_FILES_VIA_INSTRUCTIONS_ON_LIBREBOOT.ORG_seabios_x.rom");
  ASSERT_TRUE(name);
  EXPECT_EQ(*name, (RomName{"seabios_x.rom", true}));
  EXPECT_EQ(parse_rom_name(name->file()), name);
  EXPECT_EQ(parse_rom_name("seabios_x.rom"), (RomName{"seabios_x.rom", false}));
  EXPECT_EQ(RomName({"seabios_x.rom", false}).file(), "seabios_x.rom");
}

TEST(RomName, IsNoneWithoutItsSuffix) {
  for (const char* file : {"", ".rom", "a.bin", "a.rom.sha512", "a.ROM"})
    EXPECT_EQ(parse_rom_name(file), std::nullopt) << file;
  EXPECT_EQ(parse_rom_name(std::string(unready_prefix) + ".rom"), std::nullopt);
}

TEST(RomName, TakesItApart) {
  EXPECT_EQ(rom_name_parts("seagrub_x230_12mb_libgfxinit_corebootfb_usqwerty.rom", "x230_12mb"),
            (RomNameParts{"seagrub", "libgfxinit", "corebootfb", "usqwerty"}));
  EXPECT_EQ(rom_name_parts("seabios_x230_12mb_txtmode.rom", "x230_12mb"),
            (RomNameParts{"seabios", "", "txtmode", ""}));
  EXPECT_EQ(rom_name_parts("seabios_x230_12mb.rom", "x230_12mb"),
            (RomNameParts{"seabios", "", "", ""}));
  EXPECT_EQ(rom_name_parts("grub_t480_vfsp_16mb_fspgop_corebootfb_frazerty.rom", "t480_vfsp_16mb"),
            (RomNameParts{"grub", "fspgop", "corebootfb", "frazerty"}));
  EXPECT_EQ(rom_name_parts("seabios_x230_12mb_txtmode.rom", "x220_8mb"), std::nullopt);
  EXPECT_EQ(rom_name_parts("seabios_x230_12mbx.rom", "x230_12mb"), std::nullopt);
  EXPECT_EQ(rom_name_parts("_x230_12mb.rom", "x230_12mb"), std::nullopt);
  EXPECT_EQ(rom_name_parts("seabios", "x230_12mb"), std::nullopt);
}

TEST(RomName, TarballsTellTheirBoard) {
  EXPECT_EQ(board_of_tarball("libreboot-20240612_x230_12mb.tar.xz"), "x230_12mb");
  EXPECT_EQ(board_of_tarball("libreboot-20240612_serprog_rp2040.tar.xz"), "serprog_rp2040");
  EXPECT_EQ(board_of_tarball("release.tar.xz"), std::nullopt);
  EXPECT_EQ(board_of_tarball("release_.tar.xz"), std::nullopt);
  EXPECT_EQ(board_of_tarball("libreboot-20240612_x230_12mb.zip"), std::nullopt);
  EXPECT_EQ(board_of_tarball("libreboot-20240612_src.tar.xz"), std::nullopt);
  EXPECT_TRUE(is_source_tarball("libreboot-20240612_src.tar.xz"));
  EXPECT_FALSE(is_source_tarball("libreboot-20240612_x230_12mb.tar.xz"));
  EXPECT_FALSE(is_source_tarball("notes_src.txt"));
}

}  // namespace
}  // namespace romwright::images
