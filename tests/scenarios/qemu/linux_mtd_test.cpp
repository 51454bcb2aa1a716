// SPDX-License-Identifier: GPL-2.0-or-later
// linux_mtd on the kernel's own mtdram: a release, prepared and flashed.
#include <gtest/gtest.h>

#include "tests/scenarios/qemu/guest.h"
#include "tests/support/sample_release.h"

namespace romwright::test {
namespace {

using namespace std::chrono_literals;

TEST(Qemu, LinuxMtdOnMtdram) {
  const auto kernel = find_kernel();
  if (!kernel || !find_program("qemu-system-x86_64") || !find_program("busybox") ||
      !find_program("cpio"))
    GTEST_SKIP() << "a kernel, qemu-system-x86_64, busybox or cpio is not installed";
  TemporaryFolder folder;
  make_sample_release(folder / "sample");
  // The board has two chips; the kernel shows them as one.
  Guest guest(*kernel);
  guest.module("drivers/mtd/mtd.ko");
  guest.module("drivers/mtd/devices/mtdram.ko", "total_size=12288 erase_size=64");
  guest.file("root/sample", folder / "sample");
  const std::string flash =
      "romwright flash sample/complete --board sample_12mb --manifests sample/manifests "
      "--rom seabios_sample_12mb_txtmode.rom -p linux_mtd:dev=0,allow_ram=yes";
  guest.command("refused", "romwright probe -p linux_mtd:dev=0");
  guest.command("probe", "romwright probe -p linux_mtd:dev=0,allow_ram=yes");
  guest.command("flash", flash);
  guest.command("again", flash);
  guest.command("compare",
                "cmp /dev/mtd0ro sample/complete/bin/sample_12mb/seabios_sample_12mb_txtmode.rom");
  guest.boot(240s);
  ASSERT_EQ(guest.result("compare").status, 0) << guest.console();
  const GuestResult refused = guest.result("refused");
  EXPECT_EQ(refused.status, 5) << refused.out;
  EXPECT_NE(refused.out.find("allow_ram"), std::string::npos) << refused.out;
  const GuestResult probe = guest.result("probe");
  EXPECT_EQ(probe.status, 0) << probe.out;
  EXPECT_NE(probe.out.find("12 MiB"), std::string::npos) << probe.out;
  const GuestResult written = guest.result("flash");
  EXPECT_EQ(written.status, 0) << written.out;
  EXPECT_NE(written.out.find("VERIFIED"), std::string::npos) << written.out;
  const GuestResult again = guest.result("again");
  EXPECT_EQ(again.status, 0) << again.out;
  EXPECT_NE(again.out.find("chip content is identical to the image"), std::string::npos)
      << again.out;
}

}  // namespace
}  // namespace romwright::test
