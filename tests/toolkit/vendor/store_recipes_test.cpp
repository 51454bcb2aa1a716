// SPDX-License-Identifier: GPL-2.0-or-later
// The store with recipes: packages, dumps, downloads.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/recipes.h"
#include "toolkit/vendor/store.h"

namespace romwright::vendor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class StoreRecipes : public testing::Test {
 protected:
  StoreRecipes() { fs::create_directories(folder_ / "v"); }

  void put(const std::string& name, const Buffer& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    test::write_file(folder_ / name, bytes);
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }
  bool cached(const Buffer& bytes) {
    return fs::exists(folder_ / "cache/files" / test::sha512(bytes));
  }

  VendorStore store(FetchPackage fetch = {}) {
    return VendorStore({{folder_ / "v"}, FileCache(folder_ / "cache"), std::move(fetch)});
  }
  static WantedFile first(const manifests::Recipe& recipe) {
    return wanted_file(recipe, recipe.results.front());
  }
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
  std::string not_found(const manifests::Recipe& recipe, const std::string& end) {
    return "me.bin (me-made): no file with SHA-512 " + recipe.results[0].sha512.substr(0, 16) +
           "... in " + path("v") + ", the cache " + path("cache") + end +
           " (It is needed to boot.)";
  }

  test::TemporaryFolder folder_;
  EventSink events_;
  romwright::Run quiet_{{}, events_};
  const manifests::Recipe recipe_ = test::made_recipe();
};

TEST_F(StoreRecipes, OpensThePackageThatTheUserHas) {
  put("v/Downloads/whatever", test::made_package());
  EXPECT_EQ(store().load(first(recipe_), quiet_), test::made_result());
  EXPECT_TRUE(cached(test::made_result()));
  // From now on the cache has it.
  fs::remove_all(folder_ / "v/Downloads");
  EXPECT_EQ(store().load(first(recipe_), quiet_), test::made_result());
}

TEST_F(StoreRecipes, TakesTheFileOutOfADumpOfTheChip) {
  put("v/dump.rom", test::made_dump(1));
  EXPECT_EQ(store().load(first(recipe_), quiet_), test::made_result());
  EXPECT_TRUE(cached(test::made_result()));
}

TEST_F(StoreRecipes, TakesTheFileOutOfAnyOtherPackage) {
  // Not the package that is pinned, but the same firmware is in it.
  Buffer package = test::made_package();
  package.resize(package.size() + 512);
  put("v/another.tar", package);
  put("v/a.tar.txt", test::text_bytes("no package"));
  int downloads = 0;
  const VendorStore kept = store([&](const manifests::Download&, romwright::Run&) -> fs::path {
    ++downloads;
    throw VendorError("not there");
  });
  EXPECT_EQ(kept.load(first(recipe_), quiet_), test::made_result());
  EXPECT_EQ(downloads, 1);
}

TEST_F(StoreRecipes, ADumpNeedsNoUpdateEvenWhereTheRecipeIsForOne) {
  manifests::Recipe recipe = recipe_;
  recipe.extract[1].parameters["intel-me"] = "update";
  recipe.extract.insert(recipe.extract.begin() + 2, {"me7_update", {}, {"me-made.yaml", 6, 5}});
  put("v/dump.rom", test::made_dump(1));
  EXPECT_EQ(store().load(first(recipe), quiet_), test::made_result());
}

TEST_F(StoreRecipes, ADumpOfAnotherVersionIsToldAndNeverTaken) {
  put("v/dump.rom", test::made_dump(2));
  put("v/note.txt", test::text_bytes("nothing in here"));
  put("v/other.rom", Buffer(1U << 20, 0xff));
  EXPECT_THAT(lines_of(store(), first(recipe_)),
              ElementsAre(not_found(recipe_, ", and nothing is downloaded"),
                          path("v/dump.rom") +
                              ": holds ME 8.2.0.1 (96 KiB), gives another me.bin: "
                              "12 KiB, SHA-512 " +
                              test::sha512(test::made_result(2)).substr(0, 16) + "..."));
  EXPECT_FALSE(cached(test::made_result(2)));
}

TEST_F(StoreRecipes, DownloadsThePackageOnceForAllItsFiles) {
  const manifests::Recipe pair = test::made_pair();
  put("net/sp1.exe", test::made_pair_package());
  int downloads = 0;
  const VendorStore kept = store([&](const manifests::Download& download, romwright::Run&) {
    ++downloads;
    EXPECT_EQ(download.sha512, test::sha512(test::made_pair_package()));
    return folder_ / "net/sp1.exe";
  });
  EXPECT_EQ(kept.load(wanted_file(pair, pair.results[1]), quiet_), test::made_ec2);
  EXPECT_TRUE(cached(test::made_ec1));
  EXPECT_EQ(kept.load(wanted_file(pair, pair.results[0]), quiet_), test::made_ec1);
  EXPECT_EQ(downloads, 1);
}

TEST_F(StoreRecipes, WhatOnlyOneFileWasTakenOutOfIsNotAll) {
  const manifests::Recipe pair = test::made_pair();
  put("v/dump.rom", test::made_ec1);  // one of both, under another name
  put("net/sp1.exe", test::made_pair_package());
  const VendorStore kept =
      store([&](const manifests::Download&, romwright::Run&) { return folder_ / "net/sp1.exe"; });
  EXPECT_EQ(kept.load(wanted_file(pair, pair.results[0]), quiet_), test::made_ec1);
  EXPECT_EQ(kept.load(wanted_file(pair, pair.results[1]), quiet_), test::made_ec2);
}

TEST_F(StoreRecipes, NothingIsDownloadedThatIsAtHand) {
  const auto never = [](const manifests::Download&, romwright::Run&) -> fs::path {
    throw VendorError("downloaded");
  };
  put("cache/files/" + recipe_.download->sha512, test::made_package());
  EXPECT_EQ(store(never).load(first(recipe_), quiet_), test::made_result());
  fs::remove_all(folder_ / "cache");
  put("v/dump.rom", test::made_dump(1));
  EXPECT_EQ(store(never).load(first(recipe_), quiet_), test::made_result());
}

TEST_F(StoreRecipes, TellsEveryAddressThatFailedAndTriesThemOnce) {
  int downloads = 0;
  const VendorStore kept = store([&](const manifests::Download&, romwright::Run&) -> fs::path {
    ++downloads;
    VendorError error("none of its 2 addresses gives it");
    error.also("https://one.test/setup.tar: 404 Not Found");
    error.also("https://two.test/setup.tar: cannot be reached");
    throw error;
  });
  const auto expected = ElementsAre(not_found(recipe_, ", nor at its 2 addresses"),
                                    "https://one.test/setup.tar: 404 Not Found",
                                    "https://two.test/setup.tar: cannot be reached");
  EXPECT_THAT(lines_of(kept, first(recipe_)), expected);
  EXPECT_THAT(lines_of(kept, first(recipe_)), expected);
  EXPECT_EQ(downloads, 1);
}

TEST_F(StoreRecipes, APackageThatDoesNotGiveTheFileIsTheError) {
  manifests::Recipe recipe = recipe_;
  recipe.extract[2] = {"external",
                       {{"program", "no-such-program-at-all"}, {"arguments", {"{input}"}}},
                       {"me-made.yaml", 6, 5}};
  put("v/setup.tar", test::made_package());
  EXPECT_THAT(lines_of(store(), first(recipe)),
              ElementsAre("me.bin (me-made): " + path("v/setup.tar") +
                          ": me-made.yaml:6: external: the program 'no-such-program-at-all' is not "
                          "on PATH (install it)"));
}

TEST_F(StoreRecipes, AFileOutOfThePackageIsFoundByItsName) {
  manifests::Recipe recipe = test::made_pair();
  recipe.results = {{"tb.bin", {}, 4096}};
  recipe.extract[1].parameters["name"] = {"ecfw1.bin"};
  recipe.extract.push_back({"pad", {{"size", 4096}, {"byte", 0}}, {"ec-made.yaml", 6, 5}});
  Buffer padded = test::made_ec1;
  padded.resize(4096);
  recipe.results[0].sha512 = test::sha512(padded);
  put("v/unpacked/ecfw1.bin", test::made_ec1);
  EXPECT_EQ(store().load(first(recipe), quiet_), padded);
}

TEST_F(StoreRecipes, WhereAFileIsAtHand) {
  using Kind = FilePlace::Kind;
  EXPECT_FALSE(store().locate(first(recipe_)));
  put("cache/files/" + recipe_.download->sha512, test::made_package());
  EXPECT_EQ(store().locate(first(recipe_))->kind, Kind::cached_package);
  put("v/setup.tar", test::made_package());
  EXPECT_EQ(store().locate(first(recipe_))->kind, Kind::package);
  EXPECT_EQ(store().locate(first(recipe_))->path, path("v/setup.tar"));
  store().keep(first(recipe_), test::made_result());
  EXPECT_EQ(store().locate(first(recipe_))->kind, Kind::cached);
  put("v/me.bin", test::made_result());
  EXPECT_EQ(store().locate(first(recipe_))->kind, Kind::file);
}

TEST_F(StoreRecipes, ADamagedCacheIsPassedOver) {
  put("cache/files/" + recipe_.download->sha512, test::text_bytes("damaged"));
  put("cache/files/" + recipe_.results[0].sha512, test::text_bytes("damaged too"));
  put("net/setup.tar", test::made_package());
  EXPECT_EQ(store([&](const manifests::Download&, romwright::Run&) {
              return folder_ / "net/setup.tar";
            }).load(first(recipe_), quiet_),
            test::made_result());
  EXPECT_EQ(test::read_file(folder_ / "cache/files" / recipe_.results[0].sha512),
            test::made_result());
}

TEST_F(StoreRecipes, WithoutACacheThereIsATemporaryFolder) {
  put("v/setup.tar", test::made_package());
  EXPECT_EQ(VendorStore({{folder_ / "v"}, {}, {}}).load(first(recipe_), quiet_),
            test::made_result());
}

TEST_F(StoreRecipes, ServesSeveralThreads) {
  put("net/sp1.exe", test::made_pair_package());
  put("v/dump.rom", test::made_dump(1));
  std::atomic<int> downloads = 0;
  const manifests::Recipe pair = test::made_pair();
  const VendorStore shared = store([&](const manifests::Download&, romwright::Run&) {
    ++downloads;
    return folder_ / "net/sp1.exe";
  });
  std::vector<Buffer> found(9);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < found.size(); ++i)
    threads.emplace_back([&, i] {
      found[i] =
          shared.load(i % 3 == 2 ? first(recipe_) : wanted_file(pair, pair.results[i % 3]), quiet_);
    });
  threads.clear();
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i], i % 3 == 2   ? test::made_result()
                        : i % 3 == 1 ? test::made_ec2
                                     : test::made_ec1);
  EXPECT_EQ(downloads, 1);
}

TEST_F(StoreRecipes, StopsWhereItIsAskedTo) {
  put("v/setup.tar", test::made_package());
  std::stop_source stop;
  stop.request_stop();
  romwright::Run stopped{stop.get_token(), events_};
  EXPECT_THROW((void)store().load(first(recipe_), stopped), InterruptedError);
}

}  // namespace
}  // namespace romwright::vendor
