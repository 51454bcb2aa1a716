// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/user_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/recipes.h"

namespace romwright::vendor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class UserFilesTest : public testing::Test {
 protected:
  void put(const std::string& name, const Buffer& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    test::write_file(folder_ / name, bytes);
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }
  static std::vector<std::string> shown(const UserFiles& files) {
    std::vector<std::string> paths;
    for (const UserFile& file : files.all()) paths.push_back(file.shown());
    return paths;
  }

  test::TemporaryFolder folder_;
  const Buffer small_ = test::pattern(100, 1), other_ = test::pattern(200, 2);
};

TEST_F(UserFilesTest, OfDirectoriesInOrder) {
  put("b/z", small_);
  put("b/a/x", other_);
  put("a/y", small_);
  put("a/empty", {});
  const UserFiles files({folder_ / "b", folder_ / "a"});
  EXPECT_THAT(shown(files), ElementsAre(path("b/a/x"), path("b/z"), path("a/y")));
  EXPECT_EQ(files.all()[0].hash(), test::sha512(other_));
  EXPECT_EQ(files.all()[0].name(), "x");
  EXPECT_EQ(files.all()[0].size(), 200U);
  EXPECT_TRUE(files.incomplete().empty());
}

TEST_F(UserFilesTest, ASingleFile) {
  put("dump.rom", small_);
  const UserFiles files({folder_ / "dump.rom"});
  EXPECT_THAT(shown(files), ElementsAre(path("dump.rom")));
  const auto content = files.all()[0].content();
  ASSERT_TRUE(content);
  EXPECT_TRUE(std::ranges::equal(content->bytes(), small_));
}

TEST_F(UserFilesTest, TheMembersOfABundle) {
  for (const int filter : {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_GZIP}) {
    test::TarMember link{"link", {}, AE_IFLNK, "me-made/me.bin", {}};
    const Buffer large = test::pattern(3U << 20, 5, 3);
    put("bundle.tar.x",
        test::make_tarball({{"me-made/me.bin", small_}, {"ec/ec.bin", large}, {"empty", {}}, link},
                           filter));
    const UserFiles files({folder_ / "bundle.tar.x"});
    ASSERT_THAT(shown(files), ElementsAre(path("bundle.tar.x/me-made/me.bin"),
                                          path("bundle.tar.x/ec/ec.bin"), path("bundle.tar.x")));
    EXPECT_EQ(files.all()[0].hash(), test::sha512(small_));
    EXPECT_EQ(files.all()[0].name(), "me.bin");
    EXPECT_EQ(files.all()[1].hash(), test::sha512(large));
  }
}

TEST_F(UserFilesTest, ADamagedBundleIsAnErrorAndAnotherCompressedFileIsNot) {
  Buffer damaged = test::make_tarball({{"me.bin", test::pattern(9000, 1, 13)}}, ARCHIVE_FILTER_XZ);
  damaged.resize(damaged.size() / 2);
  put("bundle.tar.xz", damaged);
  EXPECT_THROW((void)UserFiles({folder_ / "bundle.tar.xz"}).all(), ImageError);
  put("firmware.gz", damaged);
  const UserFiles files({folder_ / "firmware.gz"});
  EXPECT_THAT(shown(files), ElementsAre(path("firmware.gz")));
}

TEST_F(UserFilesTest, AFileThatIsGoneHasNoHash) {
  put("v/a", small_);
  const UserFiles files({folder_ / "v"});
  ASSERT_EQ(files.all().size(), 1U);
  fs::remove(folder_ / "v/a");
  EXPECT_EQ(files.all()[0].hash(), "");
  EXPECT_FALSE(files.all()[0].content());
}

TEST_F(UserFilesTest, APlaceThatIsNotThereIsAUsersMistake) {
  try {
    (void)UserFiles({folder_ / "none"}).all();
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(), path("none") +
                                ": No such file or directory (it should be a directory with "
                                "vendor files, or a bundle of them)");
  }
}

}  // namespace
}  // namespace romwright::vendor
