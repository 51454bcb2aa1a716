// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor, and the places that prepare takes vendor files from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "tests/scenarios/cli/romwright.h"
#include "tests/support/http_server.h"
#include "tests/support/me_images.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;
using test::Result;
using testing::HasSubstr;

class Vendor : public testing::Test {
 protected:
  void SetUp() override { test::make_sample_release(place_.path("sample")); }
  void make_release() const {
    const Result stripped =
        place_({"strip", place_.path("sample/complete"), "--board", "sample_12mb", "-o",
                place_.path("release"), "--manifests", place_.path("sample/manifests")});
    ASSERT_EQ(stripped.status, 0) << stripped.err;
  }
  /// With the sample's manifests, on its board or on what else is named.
  [[nodiscard]] Result vendor(std::vector<std::string> arguments) const {
    return place_(with_manifests(std::move(arguments)));
  }
  [[nodiscard]] nlohmann::json vendor_json(std::vector<std::string> arguments,
                                           int status = 0) const {
    return place_.json(with_manifests(std::move(arguments)), status);
  }
  [[nodiscard]] std::vector<std::string> with_manifests(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "vendor");
    arguments.insert(arguments.end(), {"--manifests", place_.path("sample/manifests")});
    return arguments;
  }
  [[nodiscard]] Result prepare(std::vector<std::string> more) const {
    if (!place_.has("release")) make_release();
    std::vector<std::string> all{
        "prepare", place_.path("release"), "-o",          place_.path("out"),
        "--board", "sample_12mb",          "--manifests", place_.path("sample/manifests")};
    all.insert(all.end(), more.begin(), more.end());
    return place_(all);
  }
  void expect_prepared() const {
    const std::string rom = "bin/sample_12mb/seabios_sample_12mb_txtmode.rom";
    EXPECT_EQ(place_.read("out/" + rom), place_.read("sample/complete/" + rom));
    fs::remove_all(place_.path("out"));
  }
  /// An ME region of version 8.`minor`, and its recipe, which cuts it out of anything.
  void add_engine(std::uint16_t minor, const std::string& download) const {
    Buffer cut = engine(minor);
    cut.resize(0x3000);
    place_.write("sample/manifests/vendorfiles/me-made.yaml",
                 fmt::format("file: me-made\nkind: intel-me\n{}"
                             "extract:\n  - unpack\n  - find: {{intel-me: any}}\n"
                             "  - carve: {{offset: 0, size: 0x3000}}\n"
                             "results:\n  - {{name: me.bin, sha512: {}}}\n"
                             "missing: It is needed to boot.\n",
                             download, hex_digest(Hash::sha512, cut)));
  }
  static Buffer engine(std::uint16_t minor) {
    Buffer region(0x5000, 0xff);
    test::put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, minor, 0, 1});
    test::put_me_table(region, 0x10, {{"FTPR", 0x1000, 0x4000, 0x80}}, 0);
    return region;
  }
  static Buffer dump(std::uint16_t minor) {
    Buffer image = test::sample_image();
    const Buffer me = engine(minor);
    std::ranges::copy(me, image.begin() + test::SampleImage::me.offset);
    return image;
  }

  test::Workplace place_;
};

TEST_F(Vendor, ListsWhatABoardNeedsAndWhereItIs) {
  const Result nothing = vendor({"list", "--board", "sample_12mb"});
  EXPECT_EQ(nothing.status, 0) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("me.bin  me-sample        92 KiB  "));
  EXPECT_THAT(nothing.out, HasSubstr("  only from you: --vendor-dir\n"));
  const std::string folder = place_.path("sample/vendor");
  const nlohmann::json listed =
      vendor_json({"list", "--board", "sample_12mb", "--vendor-dir", folder});
  ASSERT_EQ(listed["files"].size(), 2U);
  const nlohmann::json& me = listed["files"][0];
  EXPECT_EQ(me["name"], "me.bin");
  EXPECT_EQ(me["recipe"], "me-sample");
  EXPECT_EQ(me["size"], 94208);
  EXPECT_EQ(me["sha512"], hex_digest(Hash::sha512, test::sample_me()));
  EXPECT_EQ(me["boards"], nlohmann::json({"sample_12mb"}));
  EXPECT_EQ(me["at_hand"], true);
  EXPECT_EQ(me["place"], "file");
  EXPECT_EQ(me["path"], folder + "/me.bin");
  // Everything, those of the shipped manifests among it.
  EXPECT_GT(vendor_json({"list", "--manifests", ROMWRIGHT_SOURCE_DIR})["files"].size(), 30U);
}

TEST_F(Vendor, TellsWhatIsWrongWithBoardsAndRecipesAtOnce) {
  place_.write("sample/manifests/layouts/wrong/q.yaml", "board: q\nsize: 4MiB\n");
  place_.write("sample/manifests/vendorfiles/w.yaml", "file: w\nkind: nonsense\n");
  const Result listed = vendor({"list"});
  EXPECT_EQ(listed.status, 3);
  EXPECT_THAT(listed.err, HasSubstr("layouts/wrong/q.yaml:2:1: unknown key 'size'"));
  EXPECT_THAT(listed.err, HasSubstr("vendorfiles/w.yaml:2:7: kind: 'nonsense'"));
  // What is not asked for is not in the way.
  EXPECT_EQ(vendor({"list", "me-sample"}).status, 0);
}

TEST_F(Vendor, AProgramWithoutManifestsSaysSo) {
  const fs::path lonely = place_.path("far/away/romwright");
  fs::create_directories(lonely.parent_path());
  fs::copy_file(ROMWRIGHT_PROGRAM, lonely);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"boards"}, {"vendor", "list"}}) {
    std::vector<std::string> all{lonely.string()};
    all.insert(all.end(), command.begin(), command.end());
    const Result result = test::run(all, place_.environment());
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out,
              "there are no manifests beside the program: name their folder with --manifests\n");
  }
}

TEST_F(Vendor, FetchesIntoTheCacheAndAFolder) {
  const Result fetched = vendor({"fetch", "me-sample", "--board", "sample_12mb", "--vendor-dir",
                                 place_.path("sample/vendor"), "-o", place_.path("mine")});
  EXPECT_EQ(fetched.status, 0) << fetched.err;
  EXPECT_EQ(fetched.out,
            "me.bin (me-sample): 92 KiB\nec.bin (ec-sample): 40 000 bytes\nwritten to " +
                place_.path("mine") + "\n");
  EXPECT_EQ(place_.read("mine/me-sample/me.bin"), test::sample_me());
  EXPECT_EQ(place_.read("mine/ec-sample/ec.bin"), test::sample_ec());
  // The cache alone is enough from now on.
  const Result prepared = prepare({"--offline"});
  EXPECT_EQ(prepared.status, 0) << prepared.err;
  expect_prepared();
}

TEST_F(Vendor, TellsEveryFileThatCannotBeHad) {
  const Result fetched = vendor({"fetch", "--offline", "--board", "sample_12mb"});
  EXPECT_EQ(fetched.status, 4);
  for (const std::string file : {"me.bin (me-sample)", "ec.bin (ec-sample)"})
    EXPECT_THAT(fetched.err, HasSubstr("romwright: " + file + ": no file with SHA-512 "));
  const nlohmann::json report = vendor_json({"fetch", "--offline", "--board", "sample_12mb"}, 4);
  EXPECT_EQ(report["files"][0]["at_hand"], false);
  EXPECT_THAT(report["files"][0]["error"].get<std::string>(), HasSubstr("me.bin (me-sample): "));
}

TEST_F(Vendor, MustBeToldWhich) {
  const Result fetched = vendor({"fetch"});
  EXPECT_EQ(fetched.status, 2);
  EXPECT_THAT(fetched.err, HasSubstr("'romwright vendor fetch --board x230_12mb'"));
  EXPECT_EQ(vendor({"fetch", "me-sampel"}).status, 2);
  EXPECT_EQ(vendor({"bundle", "--all", "-o", place_.path("b.zip")}).status, 2);
}

TEST_F(Vendor, ABundleServesAMachineWithoutANetwork) {
  for (const std::string name : {"files.tar", "files.tar.xz"}) {
    const Result bundled = vendor({"bundle", "--board", "sample_12mb", "--vendor-dir",
                                   place_.path("sample/vendor"), "-o", place_.path(name)});
    EXPECT_EQ(bundled.status, 0) << bundled.err;
    fs::remove_all(place_.path("cache"));
    const Result prepared = prepare({"--offline", "--vendor-dir", place_.path(name)});
    EXPECT_EQ(prepared.status, 0) << prepared.err;
    expect_prepared();
  }
}

TEST_F(Vendor, ABundleIsWholeOrNotThere) {
  fs::remove(place_.path("sample/vendor/ec.bin"));
  const std::vector<std::string> call{"bundle",       "--offline",
                                      "--board",      "sample_12mb",
                                      "--vendor-dir", place_.path("sample/vendor"),
                                      "-o",           place_.path("files.tar")};
  EXPECT_EQ(vendor(call).status, 4);
  EXPECT_FALSE(place_.has("files.tar"));
  std::vector<std::string> partial = call;
  partial.emplace_back("--partial");
  const Result bundled = vendor(partial);
  EXPECT_EQ(bundled.status, 0);
  EXPECT_THAT(bundled.err, HasSubstr("ec.bin (ec-sample): no file with SHA-512"));
  EXPECT_TRUE(place_.has("files.tar"));
}

TEST_F(Vendor, PrepareTakesFilesOutOfAnOldRom) {
  const Result prepared = prepare({"--offline", "--vendor-dir", place_.path("sample/complete")});
  EXPECT_EQ(prepared.status, 0) << prepared.err;
  EXPECT_THAT(prepared.out + prepared.err, HasSubstr("me.bin (me-sample): taken out of "));
  expect_prepared();
}

TEST_F(Vendor, ADumpOfTheChipWillDoAndAnotherVersionIsTold) {
  add_engine(1, "");
  place_.write("dumps/chip.rom", dump(1));
  const Result fetched = vendor({"fetch", "me-made", "--vendor-dir", place_.path("dumps")});
  EXPECT_EQ(fetched.status, 0) << fetched.err;
  EXPECT_EQ(fetched.out, "me.bin (me-made): taken out of " + place_.path("dumps/chip.rom") +
                             "\nme.bin (me-made): 12 KiB\n");
  fs::remove_all(place_.path("cache"));
  place_.write("dumps/chip.rom", dump(2));
  const Result refused = vendor({"fetch", "me-made", "--vendor-dir", place_.path("dumps")});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr(place_.path("dumps/chip.rom") +
                                     ": holds ME 8.2.0.1 (96 KiB), gives another me.bin: 12 KiB"));
  // Nothing went to the cache.
  EXPECT_EQ(vendor({"fetch", "me-made"}).status, 4);
}

TEST_F(Vendor, ExtractRunsOneRecipeOnOneFile) {
  add_engine(1, "");
  place_.write("chip.rom", dump(1));
  const nlohmann::json extracted =
      vendor_json({"extract", "me-made", place_.path("chip.rom"), "-o", place_.path("out")});
  Buffer cut = engine(1);
  cut.resize(0x3000);
  EXPECT_EQ(place_.read("out/me.bin"), cut);
  EXPECT_EQ(extracted["results"][0]["sha512"], hex_digest(Hash::sha512, cut));
  EXPECT_EQ(extracted["results"][0]["size"], 0x3000);
  place_.write("chip.rom", dump(2));
  const Result refused =
      vendor({"extract", "me-made", place_.path("chip.rom"), "-o", place_.path("other")});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr("me-made: me.bin: did not come out of chip.rom as it is "));
  EXPECT_FALSE(place_.has("other"));
  EXPECT_EQ(vendor({"extract", "me-made", place_.path("none"), "-o", place_.path("o")}).status, 3);
}

TEST_F(Vendor, CheckTellsTheDeadAddresses) {
  // A proxy that the environment names is for other machines.
  ::setenv("no_proxy", "127.0.0.1", 1);
  std::atomic<std::size_t> size = 10;
  const test::HttpServer server([&](const test::HttpAsked& asked) {
    if (asked.target != "/there.tar") return test::HttpReply{.status = 404};
    return test::HttpReply{.body = Buffer(size)};
  });
  const auto download = [&](const std::string& path) {
    return fmt::format("download:\n  sha512: {}\n  size: 10\n  urls:\n    - {}\n    - {}\n",
                       std::string(128, 'a'), server.url("/gone.tar"), server.url(path));
  };
  add_engine(1, download("/there.tar"));
  const Result alive = vendor({"check", "me-made"});
  EXPECT_EQ(alive.status, 0) << alive.err;
  EXPECT_EQ(alive.out, "me-made: dead  " + server.url("/gone.tar") + ": not there (HTTP 404)\n" +
                           "me-made: alive " + server.url("/there.tar") +
                           "\ndead addresses: 1 of 2\n");
  size = 12;
  const nlohmann::json report = vendor_json({"check", "me-made"}, 4);
  EXPECT_EQ(report["recipes"][0]["alive"], false);
  EXPECT_EQ(report["recipes"][0]["urls"][1]["problem"], "a file of 12 bytes instead of 10 bytes");
  EXPECT_THAT(vendor({"check", "me-made"}).err,
              HasSubstr("romwright: me-made: no address is alive (It is needed to boot.)\n"));
}

}  // namespace
}  // namespace romwright
