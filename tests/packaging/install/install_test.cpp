// SPDX-License-Identifier: GPL-2.0-or-later
// `cmake --install` into a prefix of its own: the program there, and what is built against it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// One installation for all tests; that it can be moved is tested with it.
class Installation : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::TemporaryFolder>();
    const test::Result installed = test::run({ROMWRIGHT_CMAKE, "--install", ROMWRIGHT_BINARY_DIR,
                                              "--prefix", (*folder / "first").string()});
    ASSERT_EQ(installed.status, 0) << installed.err;
    fs::rename(*folder / "first", prefix());
  }
  static void TearDownTestSuite() { folder.reset(); }
  static fs::path prefix() { return *folder / "prefix"; }
  static std::string program() { return (prefix() / "bin/romwright").string(); }
  /// Runs the example `built` on a simulated chip.
  static void check_example(const fs::path& built) {
    // The lower chip of the sample board.
    const std::string sample =
        (fs::path(ROMWRIGHT_PROGRAM).parent_path() / "romwright-sample-release");
    ASSERT_EQ(test::run({sample, folder->path().string()}).status, 0);
    Buffer image = test::read_file(
        *folder / "sample/complete/bin/sample_12mb/seabios_sample_12mb_txtmode.rom");
    image.resize(std::size_t{8} << 20);
    test::write_file(*folder / "chip", image);
    const std::string chip = "sim:chip=W25Q64FV,image=" + (*folder / "chip").string();
    const test::Result result = test::run({built.string(), chip});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Winbond W25Q64BV/W25Q64CV/W25Q64FV (id ef4017, 8 MiB)\n"));
    EXPECT_THAT(result.out, HasSubstr("gbe              0x00001000       8192 (ifd)\n"));
    const test::Result wrong = test::run({built.string(), "nothing"});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.err, HasSubstr("regions: nothing: unknown programmer 'nothing'"));
  }
  static std::unique_ptr<test::TemporaryFolder> folder;
};
std::unique_ptr<test::TemporaryFolder> Installation::folder;

const fs::path example = fs::path(ROMWRIGHT_SOURCE_DIR) / "docs/examples/regions";

TEST_F(Installation, TheProgramFindsItsManifests) {
  const test::Result boards = test::run({program(), "--no-config", "boards", "x230_12mb"});
  EXPECT_EQ(boards.status, 0) << boards.err;
  EXPECT_THAT(boards.out, HasSubstr("x230_12mb: "));
}

TEST_F(Installation, HasPagesCompletionsAndRules) {
  for (const char* file :
       {"share/man/man1/romwright.1.gz", "share/man/man1/romwright-vendor-fetch.1.gz",
        "share/bash-completion/completions/romwright", "share/zsh/site-functions/_romwright",
        "share/fish/vendor_completions.d/romwright.fish", "lib/udev/rules.d/60-romwright.rules",
        "share/romwright/schema/board.schema.json", "share/doc/romwright/docs/first-flash.md"})
    EXPECT_GT(fs::file_size(prefix() / file), 100U) << file;
}

TEST_F(Installation, TheExampleBuildsWithCMake) {
  const fs::path build = *folder / "with-cmake";
  const test::Result configured =
      test::run({ROMWRIGHT_CMAKE, "-S", example.string(), "-B", build.string(),
                 "-DCMAKE_PREFIX_PATH=" + prefix().string(), "-DCMAKE_CXX_COMPILER=" ROMWRIGHT_CXX,
                 "-DCMAKE_CXX_FLAGS=" ROMWRIGHT_CXX_FLAGS});
  ASSERT_EQ(configured.status, 0) << configured.err;
  const test::Result built = test::run({ROMWRIGHT_CMAKE, "--build", build.string()});
  ASSERT_EQ(built.status, 0) << built.out << built.err;
  check_example(build / "regions");
}

TEST_F(Installation, TheExampleBuildsWithPkgConfig) {
  if (test::run({"make", "--version"}).status != 0) GTEST_SKIP() << "make is not installed";
  const fs::path build = *folder / "with-make";
  fs::create_directory(build);
  for (const char* file : {"Makefile", "regions.cpp"}) fs::copy_file(example / file, build / file);
  const auto found = test::run({"find", prefix().string(), "-name", "romwright.pc"});
  const fs::path modules = fs::path(found.out.substr(0, found.out.find('\n'))).parent_path();
  const test::Result built =
      test::run({"env", "PKG_CONFIG_PATH=" + modules.string(), "make", "-C", build.string(),
                 "CXX=" ROMWRIGHT_CXX " " ROMWRIGHT_CXX_FLAGS});
  ASSERT_EQ(built.status, 0) << built.out << built.err;
  check_example(build / "regions");
}

}  // namespace
}  // namespace romwright
