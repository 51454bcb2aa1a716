// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mtd/mtd_info.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fake_mtd.h"

namespace romwright::flash {
namespace {

class MtdInfoTest : public ::testing::Test {
 protected:
  MtdInfoTest() { mtd.plug(kernel, 0); }
  std::string refusal(bool allow_ram = false) {
    const auto found = refuse_mtd(mtd_info(kernel, 0), allow_ram);
    return found ? found->reason + " (" + found->hint + ")" : "none";
  }
  std::string& file(const std::string& name) { return kernel.texts["/sys/class/mtd/mtd0/" + name]; }

  test::FakeKernel kernel;
  test::Mtd mtd;
};

TEST_F(MtdInfoTest, TellsWhatSysfsTells) {
  const MtdInfo info = mtd_info(kernel, 0);
  EXPECT_EQ(info.device(), "/dev/mtd0");
  EXPECT_EQ(info.type, "nor");
  EXPECT_EQ(info.name, "BIOS");
  EXPECT_EQ(info.size, 0x80000U);
  EXPECT_EQ(info.erase_size, 0x10000U);
  EXPECT_EQ(info.write_size, 1U);
  EXPECT_EQ(info.flags, 0xc00U);
  EXPECT_TRUE(info.has(MTD_WRITEABLE));
  EXPECT_FALSE(info.has(MTD_NO_ERASE));
  EXPECT_FALSE(info.partition);
  EXPECT_EQ(refusal(), "none");
}

TEST_F(MtdInfoTest, ListsDevicesByNumber) {
  for (const unsigned number : {10U, 2U}) mtd.plug(kernel, number);
  kernel.folders["/sys/class/mtd"].push_back("mtdblock3");
  EXPECT_EQ(mtd_numbers(kernel), (std::vector<unsigned>{0, 2, 10}));
}

TEST_F(MtdInfoTest, RamOnRequestOnly) {
  file("type") = "ram";
  EXPECT_EQ(refusal(),
            "/dev/mtd0 ('BIOS') is RAM, not a flash chip (allow_ram=yes takes it all "
            "the same, for tests with mtdram)");
  EXPECT_EQ(refusal(true), "none");
  file("type") = "nand";
  EXPECT_EQ(refusal(true),
            "/dev/mtd0 ('BIOS') is of type nand, not NOR flash (romwright writes NOR flash)");
}

TEST_F(MtdInfoTest, APartitionIsNoWholeChip) {
  file("offset") = "65536";
  EXPECT_EQ(refusal(),
            "/dev/mtd0 ('BIOS') is a partition, not a whole chip (the kernel shows the chip itself "
            "with mtdcore's option CONFIG_MTD_PARTITIONED_MASTER, or without a partition table)");
  kernel.links["/sys/class/mtd/mtd0"] = "/sys/devices/platform/spi/mtd/mtd3/mtd0";
  EXPECT_EQ(refusal(), "/dev/mtd0 ('BIOS') is a partition, not a whole chip (dev=3 is the chip)");
  kernel.texts.erase("/sys/class/mtd/mtd0/offset");
  EXPECT_EQ(refusal(), "/dev/mtd0 ('BIOS') is a partition, not a whole chip (dev=3 is the chip)");
}

TEST_F(MtdInfoTest, ThePartitionOfSpiIntelStandsForItsChip) {
  file("offset") = "0";
  EXPECT_EQ(refusal(), "none");
  EXPECT_TRUE(mtd_info(kernel, 0).partition);
  // Another device elsewhere is no matter; a second partition of the same chip is.
  mtd.plug(kernel, 1);
  kernel.links["/sys/class/mtd/mtd1"] = "/sys/devices/platform/spi/mtd/mtd1";
  EXPECT_EQ(refusal(), "none");
  EXPECT_EQ(nor_chips(kernel).size(), 2U);
  kernel.links["/sys/class/mtd/mtd1"] = "/sys/devices/pci0000:00/0000:00:1f.5/mtd/mtd1";
  kernel.texts["/sys/class/mtd/mtd1/offset"] = "65536";
  EXPECT_EQ(refusal().substr(0, 59), "/dev/mtd0 ('BIOS') is a partition, not a whole chip (the ke");
  EXPECT_TRUE(nor_chips(kernel).empty());
  kernel.links.clear();
  EXPECT_NE(refusal(), "none");
}

TEST_F(MtdInfoTest, NorChipsAreTheWholeOnes) {
  mtd.plug(kernel, 1, "ram");
  mtd.plug(kernel, 2);
  kernel.links["/sys/class/mtd/mtd2"] = "/sys/devices/pci0000:00/0000:00:1f.5/mtd/mtd0/mtd2";
  mtd.plug(kernel, 3);
  kernel.texts["/sys/class/mtd/mtd3/size"] = "no number";
  const std::vector<MtdInfo> chips = nor_chips(kernel);
  ASSERT_EQ(chips.size(), 1U);
  EXPECT_EQ(chips.front().number, 0U);
  EXPECT_EQ(only_nor_chip(kernel), 0U);
  mtd.plug(kernel, 4);
  try {
    only_nor_chip(kernel);
    FAIL();
  } catch (const NoDeviceError& error) {
    EXPECT_EQ(error.line(),
              "Linux itself drives several chips: mtd0 ('BIOS', 512 KiB), mtd4 ('BIOS', 512 KiB) "
              "(-p linux_mtd:dev=N, once a chip)");
  }
  kernel.folders["/sys/class/mtd"].clear();
  EXPECT_EQ(only_nor_chip(kernel), std::nullopt);
}

TEST_F(MtdInfoTest, ShapesThatAreNoUse) {
  file("numeraseregions") = "2";
  EXPECT_EQ(refusal(),
            "/dev/mtd0 ('BIOS') has erase blocks of different sizes (romwright needs "
            "equal ones)");
  file("numeraseregions") = "0";
  file("size") = "0";
  EXPECT_EQ(refusal(), "/dev/mtd0 ('BIOS') has 0 bytes (more than 0, at most 2048 MiB)");
  file("size") = "4294967296";
  EXPECT_EQ(refusal(), "/dev/mtd0 ('BIOS') has 4096 MiB (more than 0, at most 2048 MiB)");
  file("size") = "65537";
  EXPECT_EQ(refusal().substr(0, 33), "/dev/mtd0 ('BIOS') has 65 537 byt");
  file("size") = "524288";
  file("erasesize") = "0";
  EXPECT_NE(refusal(), "none");
  file("erasesize") = "65536";
  file("writesize") = "24";
  EXPECT_NE(refusal(), "none");
}

TEST_F(MtdInfoTest, NumbersThatAreNone) {
  const auto error = [&] {
    try {
      mtd_info(kernel, 0);
    } catch (const NoDeviceError& thrown) {
      return thrown.line();
    }
    return std::string("none");
  };
  file("flags") = "0x100000000";
  EXPECT_EQ(error(), "/sys/class/mtd/mtd0/flags: '0x100000000' is no usable number");
  file("flags") = "0xc00";
  file("size") = "big";
  EXPECT_EQ(error(), "/sys/class/mtd/mtd0/size: 'big' is no usable number");
  file("size") = "";
  EXPECT_EQ(error(), "/sys/class/mtd/mtd0/size: '' is no usable number");
}

TEST_F(MtdInfoTest, ADeviceThatIsNotThere) {
  try {
    mtd_info(kernel, 7);
    FAIL();
  } catch (const NoDeviceError& error) {
    EXPECT_EQ(error.line(), "/dev/mtd7: there is no such device (there is mtd0)");
  }
}

}  // namespace
}  // namespace romwright::flash
