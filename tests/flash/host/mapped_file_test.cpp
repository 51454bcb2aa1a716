// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/mapped_file.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

class Mapped : public ::testing::Test {
 protected:
  std::string failure(std::uint64_t size) {
    try {
      const MappedFile file(path, size, 0xff);
    } catch (const NoDeviceError& error) {
      return error.line();
    }
    return {};
  }
  romwright::test::TemporaryFolder folder;
  std::filesystem::path path = folder / "chip";
};

TEST_F(Mapped, IsMadeBlankAndKeepsWhatIsChanged) {
  {
    const MappedFile file(path, 8192, 0xff);
    EXPECT_EQ(file.bytes().size(), 8192U);
    EXPECT_TRUE(all_equal(file.bytes(), 0xff));
    file.bytes()[4097] = 0x5a;
    // Already there, without being closed.
    EXPECT_EQ(read_file(path, 8192)[4097], 0x5a);
  }
  const MappedFile again(path, 8192, 0x00);
  EXPECT_EQ(again.bytes()[4097], 0x5a);
  EXPECT_EQ(again.bytes()[4096], 0xff);
}

TEST_F(Mapped, OfAnotherSizeIsLeftAlone) {
  write_whole(path, Buffer(4096, 1));
  EXPECT_EQ(failure(8192),
            path.string() + ": 4 KiB, the chip has 8 KiB (name another file, or another chip)");
  EXPECT_EQ(read_file(path, 8192), Buffer(4096, 1));
}

TEST_F(Mapped, OneProcessAtATime) {
  {
    const MappedFile file(path, 4096, 0xff);
    EXPECT_EQ(failure(4096), path.string() + ": in use by another process");
  }
  EXPECT_EQ(failure(4096), "");
}

TEST_F(Mapped, ADirectoryIsNone) {
  path = folder / ".";
  EXPECT_EQ(failure(4096), path.string() + ": Is a directory");
}

}  // namespace
}  // namespace romwright::flash
