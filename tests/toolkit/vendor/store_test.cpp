// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/store.h"

#include <sys/stat.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright::vendor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

const Buffer content = test::pattern(5000, 3);

WantedFile wanted(const Buffer& bytes, std::optional<std::uint64_t> size = {}) {
  return {"me.bin", "me-test", hex_digest(Hash::sha512, bytes), size, "It is needed to boot.",
          nullptr};
}

class VendorStoreTest : public testing::Test {
 protected:
  void put(const std::string& name, const Buffer& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    test::write_file(folder_ / name, bytes);
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }
  VendorStore store() { return VendorStore({{folder_ / "v"}, FileCache(folder_ / "cache"), {}}); }

  std::vector<std::string> lines_of(const VendorStore& store, const WantedFile& file) {
    try {
      (void)store.load(file, quiet_);
    } catch (const VendorError& error) {
      std::vector<std::string> lines{error.line()};
      lines.insert(lines.end(), error.others().begin(), error.others().end());
      return lines;
    }
    return {};
  }
  std::string not_found(const WantedFile& file) {
    return "me.bin (me-test): no file with SHA-512 " + file.sha512.substr(0, 16) + "... in " +
           path("v") + ", the cache " + path("cache") + " (It is needed to boot.)";
  }

  test::TemporaryFolder folder_;
  EventSink events_;
  romwright::Run quiet_{{}, events_};
};

TEST_F(VendorStoreTest, FindsAFileByItsContentWhateverItsName) {
  put("v/deep/er/whatever.dat", content);
  put("v/me.bin", test::pattern(5000, 4));
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
  EXPECT_EQ(store().load(wanted(content, content.size()), quiet_), content);
}

TEST_F(VendorStoreTest, FindsAFileInTheCache) {
  fs::create_directories(folder_ / "v");
  put("cache/files/" + wanted(content).sha512, content);
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
  EXPECT_EQ(VendorStore({{}, FileCache(folder_ / "cache"), {}}).load(wanted(content), quiet_), content);
}

TEST_F(VendorStoreTest, SaysWhereItLookedAndWhatIsNeeded) {
  fs::create_directories(folder_ / "v");
  EXPECT_THAT(lines_of(store(), wanted(content)), ElementsAre(not_found(wanted(content))));
  WantedFile file = wanted(content);
  file.missing.clear();
  EXPECT_THAT(lines_of(VendorStore({}), file),
              ElementsAre("me.bin (me-test): no file with SHA-512 " + file.sha512.substr(0, 16) +
                          "... in any directory (put it into a directory and name that with "
                          "--vendor-dir)"));
}

TEST_F(VendorStoreTest, ReportsFilesOfTheRightNameWithAnotherContent) {
  const Buffer other = test::pattern(4000, 1), same_size = test::pattern(5000, 1);
  put("v/a/me.bin", other);
  put("v/b/me.bin", same_size);
  put("v/other.bin", other);
  EXPECT_THAT(
      lines_of(store(), wanted(content, content.size())),
      ElementsAre(not_found(wanted(content)),
                  path("v/a/me.bin") +
                      ": not the pinned file: 4 000 bytes instead of 5 000 bytes, SHA-512 " +
                      hex_digest(Hash::sha512, other),
                  path("v/b/me.bin") + ": not the pinned file: 5 000 bytes, SHA-512 " +
                      hex_digest(Hash::sha512, same_size)));
}

TEST_F(VendorStoreTest, NeverGivesOutADamagedFileOfTheCache) {
  fs::create_directories(folder_ / "v");
  put("cache/files/" + wanted(content).sha512, test::pattern(5000, 9));
  EXPECT_THAT(lines_of(store(), wanted(content)), ElementsAre(not_found(wanted(content))));
}

TEST_F(VendorStoreTest, NeverGivesOutAFileThatChangedSinceItWasHashed) {
  put("v/me.bin", content);
  const VendorStore kept = store();
  EXPECT_EQ(kept.load(wanted(content), quiet_), content);
  put("v/me.bin", test::pattern(5000, 8));
  EXPECT_EQ(lines_of(kept, wanted(content)).size(), 2U);
}

TEST_F(VendorStoreTest, FollowsLinksOnlyWithinADirectory) {
  put("outside/me.bin", content);
  fs::create_directories(folder_ / "v/sub");
  fs::create_symlink(folder_ / "outside/me.bin", folder_ / "v/me.bin");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "v/folder");
  fs::create_directory_symlink(folder_ / "v", folder_ / "v/sub/loop");
  fs::create_symlink("nowhere", folder_ / "v/broken");
  EXPECT_THAT(lines_of(store(), wanted(content)), ElementsAre(not_found(wanted(content))));
  put("v/sub/real", content);
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
  fs::rename(folder_ / "v/sub/real", folder_ / "v/sub/.hidden");
  fs::create_symlink(".hidden", folder_ / "v/sub/link");
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
}

TEST_F(VendorStoreTest, ADirectoryMayItselfBeALink) {
  put("outside/me.bin", content);
  fs::create_directory_symlink(folder_ / "outside", folder_ / "v");
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
}

TEST_F(VendorStoreTest, SearchesABoundedDepth) {
  std::string name = "v";
  for (int i = 0; i < deepest_searched_folder; ++i) name += "/d";
  put(name + "/me.bin", content);
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
  fs::create_directories(folder_ / (name + "/d"));
  fs::rename(folder_ / (name + "/me.bin"), folder_ / (name + "/d/me.bin"));
  EXPECT_THAT(lines_of(store(), wanted(content)), ElementsAre(not_found(wanted(content))));
}

TEST_F(VendorStoreTest, PassesOverWhatIsNoVendorFile) {
  put("v/empty", {});
  put("v/large", {});
  fs::resize_file(folder_ / "v/large", largest_vendor_file + 1);
  ASSERT_EQ(mkfifo((folder_ / "v/pipe").c_str(), 0600), 0);
  put("v/me.bin", content);
  EXPECT_EQ(store().load(wanted(content), quiet_), content);
}

TEST_F(VendorStoreTest, ADirectoryThatIsNotThereIsAUsersMistake) {
  try {
    (void)store().load(wanted(content), quiet_);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(), path("v") +
                                ": No such file or directory (it should be a directory with "
                                "vendor files, or a bundle of them)");
  }
}

TEST_F(VendorStoreTest, ServesSeveralThreads) {
  for (unsigned i = 0; i < 8; ++i) put("v/" + std::to_string(i), test::pattern(5000, i));
  const VendorStore shared = store();
  std::vector<std::jthread> threads;
  std::vector<Buffer> found(8);
  for (unsigned i = 0; i < 8; ++i)
    threads.emplace_back(
        [&, i] { found[i] = shared.load(wanted(test::pattern(5000, i)), quiet_); });
  threads.clear();
  for (unsigned i = 0; i < 8; ++i) EXPECT_EQ(found[i], test::pattern(5000, i));
}

TEST(WantedFile, IsWhatARecipePins) {
  manifests::Recipe recipe;
  recipe.name = "me-test";
  recipe.missing = "It is needed to boot.";
  const WantedFile file = wanted_file(recipe, {"me.bin", "abc", 5000});
  EXPECT_EQ(file.name, "me.bin");
  EXPECT_EQ(file.recipe, "me-test");
  EXPECT_EQ(file.sha512, "abc");
  EXPECT_EQ(file.size, 5000U);
  EXPECT_EQ(file.missing, "It is needed to boot.");
  EXPECT_EQ(file.source->name, "me-test");
}

}  // namespace
}  // namespace romwright::vendor
