// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/device_file.h"

#include <sys/ioctl.h>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using romwright::test::write_file;

class MachineKernel : public ::testing::Test {
 protected:
  Kernel& kernel = machine_kernel();
  romwright::test::TemporaryFolder folder;
  std::string path = (folder / "device").string();
};

std::string why(const std::string& path, int error, std::string_view group,
                const std::vector<std::string>& others = {}) {
  try {
    throw_not_opened(path, error, group, others);
  } catch (const NoDeviceError& thrown) {
    return thrown.line();
  }
}

TEST_F(MachineKernel, ReadsAndWritesAtOffsets) {
  write_file(path, Buffer{1, 2, 3, 4});
  const OpenedFile opened = kernel.open(path, true);
  ASSERT_TRUE(opened.file);
  EXPECT_EQ(opened.file->write_at(1, Buffer{9, 8}), 2);
  Buffer in(8);
  EXPECT_EQ(opened.file->read_at(1, in), 3);
  EXPECT_EQ(in, (Buffer{9, 8, 4, 0, 0, 0, 0, 0}));
  int count = 0;
  EXPECT_EQ(opened.file->control(TIOCGWINSZ, &count), -ENOTTY);
}

TEST_F(MachineKernel, SecondOpenFindsItInUse) {
  write_file(path, Buffer{1});
  {
    const OpenedFile first = kernel.open(path, false);
    EXPECT_EQ(first.error, 0);
    const OpenedFile second = kernel.open(path, false);
    EXPECT_FALSE(second.file);
    EXPECT_EQ(second.error, EBUSY);
  }
  EXPECT_EQ(kernel.open(path, false).error, 0);
  EXPECT_EQ(kernel.open(path + "2", true).error, ENOENT);
}

TEST_F(MachineKernel, ReadOnlyFilesAreNotWritten) {
  write_file(path, Buffer{1});
  const OpenedFile opened = kernel.open(path, false);
  EXPECT_EQ(opened.file->write_at(0, Buffer{2}), -EBADF);
}

TEST_F(MachineKernel, TextsFoldersAndLinks) {
  write_file(path, as_bytes("65536 \n"));
  EXPECT_EQ(kernel.text(path), "65536");
  EXPECT_EQ(kernel.text(path + "2"), std::nullopt);
  write_file(folder / "b", {});
  write_file(folder / "a", {});
  EXPECT_EQ(kernel.names(folder.path().string()), (std::vector<std::string>{"a", "b", "device"}));
  EXPECT_TRUE(kernel.names(path + "2").empty());
  std::filesystem::create_symlink("device", folder / "link");
  EXPECT_EQ(kernel.resolve((folder / "link").string()), std::filesystem::canonical(path).string());
  EXPECT_EQ(kernel.resolve(path + "2"), std::nullopt);
  EXPECT_GE(kernel.page_size(), 4096U);
}

TEST(NotOpened, SaysWhy) {
  EXPECT_EQ(why("/dev/spidev0.0", EBUSY, "spi"),
            "/dev/spidev0.0: in use by another program (wait until it ends)");
  EXPECT_EQ(why("/dev/spidev0.0", EACCES, "spi"),
            "/dev/spidev0.0: no permission (add yourself to the group 'spi', or run it as root)");
  EXPECT_EQ(why("/dev/mtd0", EPERM, ""), "/dev/mtd0: no permission (run it as root)");
  EXPECT_EQ(why("/dev/mtd0", ENOENT, ""),
            "/dev/mtd0: there is no such device (is its kernel driver loaded?)");
  EXPECT_EQ(why("/dev/mtd0", ENODEV, "", {"mtd1", "mtd2"}),
            "/dev/mtd0: there is no such device (there is mtd1, mtd2)");
  EXPECT_EQ(why("/dev/mtd0", EIO, ""), "/dev/mtd0: Input/output error");
}

}  // namespace
}  // namespace romwright::flash
