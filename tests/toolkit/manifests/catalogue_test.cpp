// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string hash_a(128, 'a');

/// Manifests in folders of their own.
class CatalogueTest : public testing::Test {
 protected:
  fs::path put(const std::string& path, const std::string& text) {
    const fs::path file = folder_ / path;
    fs::create_directories(file.parent_path());
    test::write_file(file, as_bytes(text));
    return file;
  }
  fs::path put_board(const std::string& path, const std::string& name,
                     const std::string& more = {}) {
    return put(path, "board: " + name +
                         "\ntitle: T\nimage: {size: 1MiB, descriptor: {expect: "
                         "{me: 0x1000+0x1000}}}\n" +
                         more);
  }
  fs::path put_recipe(const std::string& path, const std::string& name,
                      const std::string& results = "{name: a.bin, sha512: " + hash_a + "}") {
    return put(path, "file: " + name + "\nkind: other\nresults: [" + results + "]\n");
  }
  Catalogue catalogue(const std::vector<std::string>& names = {"m"}) {
    std::vector<fs::path> directories;
    for (const std::string& name : names) directories.push_back(folder_ / name);
    return Catalogue(directories);
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }

  test::TemporaryFolder folder_;
};

TEST_F(CatalogueTest, FindsBoardsByNameAliasAndFile) {
  put_board("m/layouts/v/one_8mb.yaml", "one_8mb", "aliases: [one]\n");
  put_board("m/layouts/two.yaml", "two");
  put_recipe("m/vendorfiles/r.yaml", "r");
  const fs::path third = put_board("elsewhere.yaml", "third");
  const Catalogue all = catalogue();
  EXPECT_EQ(all.board("one_8mb").name, "one_8mb");
  EXPECT_EQ(all.board("one").name, "one_8mb");
  EXPECT_EQ(all.board("two").name, "two");
  EXPECT_EQ(all.board(third.string()).name, "third");
  EXPECT_THAT(all.board_names(), ElementsAre("one_8mb", "two"));
  EXPECT_THAT(all.recipe_names(), ElementsAre("r"));
  EXPECT_EQ(all.boards().size(), 2U);
  EXPECT_EQ(all.recipe("r").name, "r");
  EXPECT_EQ(all.recipes().size(), 1U);
}

TEST_F(CatalogueTest, SuggestsTheNearestName) {
  put_board("m/layouts/v/x230_12mb.yaml", "x230_12mb", "aliases: [x230]\n");
  put_recipe("m/vendorfiles/me-ivybridge.yaml", "me-ivybridge");
  const Catalogue all = catalogue();
  EXPECT_THROW((void)all.board("x231_12mb"), UsageError);
  EXPECT_THAT(lines_of([&] { (void)all.board("x231_12mb"); }),
              ElementsAre("unknown board 'x231_12mb' (did you mean 'x230_12mb'?)"));
  EXPECT_THAT(lines_of([&] { (void)all.board("x23O"); }),
              ElementsAre("unknown board 'x23O' (did you mean 'x230'?)"));
  EXPECT_THAT(lines_of([&] { (void)all.board("something_else"); }),
              ElementsAre("unknown board 'something_else' (see 'romwright boards')"));
  EXPECT_THAT(lines_of([&] { (void)all.recipe("me-ivybrige"); }),
              ElementsAre("unknown vendor file 'me-ivybrige' (did you mean 'me-ivybridge'?)"));
  EXPECT_THAT(lines_of([&] { (void)all.board("no/such.yaml"); }),
              ElementsAre("no/such.yaml: there is no such manifest (see 'romwright boards')"));
}

TEST_F(CatalogueTest, OneBrokenManifestDoesNotHideTheOthers) {
  put_board("m/layouts/v/good.yaml", "good", "aliases: [fine]\n");
  put("m/layouts/v/bad.yaml", "board: bad\ntitle: T\n");
  const Catalogue all = catalogue();
  EXPECT_EQ(all.board("good").name, "good");
  EXPECT_EQ(all.board("fine").name, "good");
  EXPECT_THROW((void)all.board("bad"), ManifestError);
  EXPECT_THAT(
      lines_of([&] { (void)all.board("nothing_like_it"); }),
      ElementsAre(HasSubstr("unknown board"), HasSubstr("bad.yaml:1:1: key 'image' is missing")));
  EXPECT_THAT(lines_of([&] { (void)all.boards(); }), ElementsAre(HasSubstr("bad.yaml:1:1:")));
}

TEST_F(CatalogueTest, ALaterDirectoryStandsForAnEarlierOne) {
  put_board("m/layouts/v/b.yaml", "b", "aliases: [first]\n");
  put_recipe("m/vendorfiles/r.yaml", "r");
  put_board("n/layouts/w/b.yaml", "b", "insert: [{file: r, region: me}]\n");
  put_recipe("n/vendorfiles/r.yaml", "r", "{name: new.bin, sha512: " + hash_a + "}");
  const Catalogue all = catalogue({"m", "n"});
  EXPECT_EQ(all.board("b").file, folder_ / "n/layouts/w/b.yaml");
  EXPECT_EQ(all.boards().size(), 1U);
  EXPECT_EQ(all.resolve(all.board("b"), all.board("b").insert[0].file).result.name, "new.bin");
}

TEST_F(CatalogueTest, RefusesTwoOfOneNameInADirectory) {
  put_board("m/layouts/v/b.yaml", "b");
  put_board("m/layouts/w/b.yaml", "b");
  EXPECT_THAT(
      lines_of([&] { catalogue(); }),
      ElementsAre(path("m/layouts/w/b.yaml") + ": 'b' is also in " + path("m/layouts/v/b.yaml")));
}

TEST_F(CatalogueTest, RefusesOneAliasForTwoBoards) {
  put_board("m/layouts/a.yaml", "a", "aliases: [both]\n");
  put_board("m/layouts/b.yaml", "b", "aliases: [both, a]\n");
  const Catalogue all = catalogue();
  EXPECT_THAT(lines_of([&] { (void)all.board("both"); }),
              ElementsAre("'both' stands for several boards (a or b)"));
  EXPECT_THAT(lines_of([&] { (void)all.boards(); }),
              ElementsAre(path("m/layouts/b.yaml") + ": alias 'both' stands for a already",
                          path("m/layouts/b.yaml") + ": alias 'a' stands for a already"));
}

TEST_F(CatalogueTest, RefusesAFileThatIsNamedOtherwise) {
  put_board("m/layouts/a.yaml", "b");
  const Catalogue all = catalogue();
  EXPECT_THAT(
      lines_of([&] { (void)all.board("a"); }),
      ElementsAre(path("m/layouts/a.yaml") + ": it is named 'b' inside (name the file b.yaml)"));
}

TEST_F(CatalogueTest, RefusesADirectoryWithoutManifests) {
  fs::create_directories(folder_ / "m");
  EXPECT_THROW(catalogue(), UsageError);
  EXPECT_THAT(
      lines_of([&] { catalogue(); }),
      ElementsAre(path("m") + ": holds no manifests (they are in layouts/ and vendorfiles/)"));
}

TEST_F(CatalogueTest, SaysWhereAMissingVendorFileIsMeant) {
  put_board("m/layouts/b.yaml", "b", "insert:\n  - {file: me-ivybrige, region: me}\n");
  put_recipe("m/vendorfiles/me-ivybridge.yaml", "me-ivybridge");
  const Catalogue all = catalogue();
  const Board board = all.board("b");
  EXPECT_THAT(
      lines_of([&] { (void)all.resolve(board, board.insert[0].file); }),
      ElementsAre(path("m/layouts/b.yaml") +
                  ":5:12: there is no vendor file 'me-ivybrige' (did you mean 'me-ivybridge'?)\n"
                  "    - {file: me-ivybrige, region: me}\n"
                  "             ^"));
}

TEST_F(CatalogueTest, ChoosesAmongResults) {
  put_board("m/layouts/b.yaml", "b",
            "insert:\n"
            "  - {file: ec, result: fw2, cbfs: x, type: raw}\n"
            "  - {file: ec, cbfs: y, type: raw}\n"
            "  - {file: ec, result: fw3, cbfs: z, type: raw}\n");
  put_recipe("m/vendorfiles/ec.yaml", "ec",
             "{name: fw1, sha512: " + hash_a + "}, {name: fw2, sha512: " + hash_a + "}");
  const Catalogue all = catalogue();
  const Board board = all.board("b");
  EXPECT_EQ(all.resolve(board, board.insert[0].file).result.name, "fw2");
  EXPECT_THAT(
      lines_of([&] { throw_all(all.check(board)); }),
      ElementsAre(HasSubstr("b.yaml:6:12: 'ec' has several results (say result: fw1 or fw2)"),
                  HasSubstr("b.yaml:7:12: 'ec' has no result 'fw3' (say result: fw1 or fw2)")));
}

TEST_F(CatalogueTest, ABoardByItsFileBringsItsVendorFiles) {
  put_recipe("m/vendorfiles/r.yaml", "r");
  const fs::path file = put_board("own/layouts/v/b.yaml", "b", "insert: [{file: r, region: me}]\n");
  const Catalogue all = catalogue();
  const Board board = all.board(file.string());
  EXPECT_EQ(all.resolve(board, board.insert[0].file).result.name, "a.bin");
  put_recipe("own/vendorfiles/r.yaml", "r", "{name: own.bin, sha512: " + hash_a + "}");
  EXPECT_EQ(all.resolve(board, board.insert[0].file).result.name, "own.bin");
}

TEST_F(CatalogueTest, VendorFilesFitWhereTheyGo) {
  put_board("m/layouts/b.yaml", "b",
            "cbfs: {size: 512KiB}\n"
            "insert:\n"
            "  - {file: small, region: me}\n"
            "  - {file: large, cbfs: x, type: raw}\n"
            "separate_chip: {name: tb, size: 64KiB, file: large}\n");
  put_board("m/layouts/c.yaml", "c", "insert: [{file: large, region: me}]\n");
  put_recipe("m/vendorfiles/small.yaml", "small", "{name: s, sha512: " + hash_a + ", size: 4KiB}");
  put_recipe("m/vendorfiles/large.yaml", "large",
             "{name: l, sha512: " + hash_a + ", size: 512KiB}");
  const Catalogue all = catalogue();
  EXPECT_THAT(lines_of([&] { throw_all(all.check(all.board("b"))); }),
              ElementsAre(HasSubstr("l with 512 KiB does not fit chip tb with 64 KiB")));
  EXPECT_THAT(lines_of([&] { throw_all(all.check(all.board("c"))); }),
              ElementsAre(HasSubstr("l with 512 KiB does not fit region me with 4 KiB")));
}

}  // namespace
}  // namespace romwright::manifests
