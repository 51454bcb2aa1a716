// SPDX-License-Identifier: GPL-2.0-or-later
// romwright batch: the images are prepare's, are built once, and are the same however they are
// divided.
#include <csignal>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Result;
using test::Workplace;
using testing::HasSubstr;

class Batch : public testing::Test {
 protected:
  void SetUp() override {
    test::make_sample_release(place_.path("sample"));
    const Result strip =
        place_({"strip", place_.path("sample/complete"), "--board", "sample_12mb", "--manifests",
                place_.path("sample/manifests"), "-o", place_.path("r1_sample_12mb.tar.xz")});
    ASSERT_EQ(strip.status, 0) << strip.err;
    fs::copy(place_.path("r1_sample_12mb.tar.xz"), place_.path("r2_sample_12mb.tar.xz"));
    write_plan("");
  }

  /// `more` are further keys of the plan.
  void write_plan(const std::string& more, const std::string& build = "") const {
    place_.write("plan.yaml",
                 "batch: fleet\noutput: out\nseed: spring\n"
                 "manifests: sample/manifests\nvendor_directories: sample/vendor\n" +
                     more +
                     "builds:\n  - board: sample_12mb\n"
                     "    releases: r?_sample_12mb.tar.xz\n"
                     "    mac: [keep, 00:1f:16:12:34:56, 00:1f:16:xx:xx:xx]\n"
                     "    copies: 2\n" +
                     build);
  }

  json batch(std::vector<std::string> arguments = {}, int status = 0) const {
    arguments.insert(arguments.begin(), {"batch", place_.path("plan.yaml")});
    return place_.json(arguments, status);
  }

  /// Every file below the folder, what is remembered left out.
  [[nodiscard]] std::map<std::string, Buffer> files(const std::string& folder) const {
    std::map<std::string, Buffer> found;
    const fs::path root = place_.path(folder);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      const std::string name = entry.path().lexically_relative(root).string();
      if (entry.is_regular_file() && !name.starts_with(".batch") && !name.starts_with("results"))
        found[name] = test::read_file(entry.path());
    }
    return found;
  }

  [[nodiscard]] std::string text_of(const std::string& file) const {
    const Buffer content = place_.read(file);
    return {content.begin(), content.end()};
  }

  /// The states of all images, each with its number.
  static std::map<std::string, int> states(const json& results) {
    std::map<std::string, int> count;
    for (const json& image : results["images"]) ++count[image["state"].get<std::string>()];
    return count;
  }

  Workplace place_;
};

using States = std::map<std::string, int>;

TEST_F(Batch, ImagesAreThoseOfPrepare) {
  const json results = batch();
  EXPECT_EQ(results["built"], 16);
  EXPECT_EQ(results["batch"], "fleet");
  const auto made = files("out");
  EXPECT_EQ(made.size(), 16U + 4U) << "with .version and .versiondate of two releases";
  for (const char* mac : {"keep", "00:1f:16:12:34:56"}) {
    const Result prepare =
        place_({"prepare", place_.path("r1_sample_12mb.tar.xz"), "--board", "sample_12mb",
                "--manifests", place_.path("sample/manifests"), "--vendor-dir",
                place_.path("sample/vendor"), "--mac", mac, "-o", place_.path(mac)});
    ASSERT_EQ(prepare.status, 0) << prepare.err;
    const std::string tag = mac == std::string("keep") ? "" : "_001f16123456";
    for (const char* rom : {"seabios_sample_12mb_txtmode", "seabios_sample_12mb_corebootfb"})
      EXPECT_EQ(made.at(fmt::format("r1_sample_12mb/bin/sample_12mb/{}{}.rom", rom, tag)),
                place_.read(fmt::format("{}/bin/sample_12mb/{}.rom", mac, rom)));
  }
  for (const json& image : results["images"]) {
    const Buffer& content = made.at(image["image"].get<std::string>());
    EXPECT_EQ(image["sha512"], hex_digest(Hash::sha512, content));
    EXPECT_EQ(image["size"], content.size());
    EXPECT_EQ(image["verified"], true);
    EXPECT_EQ(image["inserted"], json({"me.bin into region me", "ec.bin into CBFS ecfw1.bin"}));
    if (image["image"].get<std::string>().find("001f16") == std::string::npos) continue;
    const json inspected =
        place_.json({"inspect", place_.path("out/" + image["image"].get<std::string>())});
    EXPECT_EQ(inspected["mac"], image["mac"]);
  }
  EXPECT_EQ(json::parse(test::read_file(place_.path("out/results.json"))), results);
}

TEST_F(Batch, ThreadsPartsAndMachinesMakeNoDifference) {
  batch({"-j", "1"});
  const auto whole = files("out");
  batch({"-j", "8", "-o", place_.path("eight")});
  EXPECT_EQ(files("eight"), whole);
  for (const int part : {4, 2, 5, 1, 3})
    EXPECT_EQ(states(batch({"-o", place_.path("parts"), "--shard", fmt::format("{}/5", part)})),
              (States{{"built", part == 5 ? 4 : 3}}));
  EXPECT_EQ(files("parts"), whole);
  json once = json::parse(test::read_file(place_.path("out/results.json")));
  json parts = json::parse(test::read_file(place_.path("parts/results.json")));
  for (json* results : {&once, &parts})
    for (json& image : (*results)["images"])
      for (const char* own : {"state", "seconds"}) image.erase(own);
  EXPECT_EQ(parts["images"], once["images"]);
}

TEST_F(Batch, WhatIsCurrentIsNotBuiltAgain) {
  batch();
  EXPECT_EQ(states(batch()), (States{{"reused", 16}}));
  const std::string image = "out/r1_sample_12mb/bin/sample_12mb/seabios_sample_12mb_txtmode.rom";
  const Buffer good = place_.read(image);

  // An image that is gone, one that was changed, one that was only copied.
  fs::remove(place_.path(image));
  EXPECT_EQ(states(batch()), (States{{"reused", 15}, {"built", 1}}));
  Buffer damaged = good;
  damaged[12345] ^= 1;
  place_.write(image, damaged);
  EXPECT_EQ(states(batch({"--dry-run"})), (States{{"reused", 15}, {"planned", 1}}));
  EXPECT_EQ(place_.read(image), damaged) << "a dry run writes nothing";
  EXPECT_EQ(states(batch()), (States{{"reused", 15}, {"built", 1}}));
  EXPECT_EQ(place_.read(image), good);
  place_.write(image, good);
  EXPECT_EQ(states(batch()), (States{{"reused", 16}}));
  EXPECT_EQ(states(batch({"--rebuild"})), (States{{"built", 16}}));
}

TEST_F(Batch, AChangeRebuildsWhatItTouches) {
  test::make_sample_release(place_.path("other"), "other_12mb");
  for (const char* name : {"me-sample", "ec-sample"})
    fs::rename(place_.path(fmt::format("other/manifests/vendorfiles/{}.yaml", name)),
               place_.path(fmt::format("other/manifests/vendorfiles/{}-2.yaml", name)));
  for (const char* name : {"me-sample", "ec-sample"}) {
    const std::string file = fmt::format("other/manifests/vendorfiles/{}-2.yaml", name);
    std::string text = text_of(file);
    text.replace(text.find(name), std::string(name).size(), std::string(name) + "-2");
    place_.write(file, text);
  }
  const std::string board = "other/manifests/layouts/sample/other_12mb.yaml";
  std::string text = text_of(board);
  for (const char* name : {"me-sample", "ec-sample"})
    text.replace(text.find(name), std::string(name).size(), std::string(name) + "-2");
  place_.write(board, text);
  write_plan("", "  - board: other_12mb\n    releases: other/complete\n");
  std::string plan = text_of("plan.yaml");
  plan.replace(plan.find("manifests: sample/manifests"), 27,
               "manifests: [sample/manifests, other/manifests]");
  place_.write("plan.yaml", plan);
  EXPECT_EQ(states(batch()), (States{{"built", 18}}));

  const std::string recipe = "other/manifests/vendorfiles/ec-sample-2.yaml";
  place_.write(recipe, text_of(recipe) + "title: Another title\n");
  EXPECT_EQ(states(batch()), (States{{"reused", 16}, {"built", 2}}));
  fs::remove(place_.path("r2_sample_12mb.tar.xz"));
  EXPECT_EQ(states(batch()), (States{{"reused", 10}}));
}

TEST_F(Batch, FilesAreAddedAndBelongToTheKey) {
  place_.write("splash.txt", "one");
  write_plan("",
             "    suffix: splash\n    files:\n"
             "      - {file: splash.txt, cbfs: splash, compression: lzma}\n");
  batch();
  const std::string image =
      "out/r1_sample_12mb/bin/sample_12mb/seabios_sample_12mb_txtmode_splash.rom";
  const json inspected = place_.json({"inspect", place_.path(image)});
  const bool there = std::ranges::any_of(inspected["cbfs"],
                                         [](const json& file) { return file["name"] == "splash"; });
  EXPECT_TRUE(there);
  EXPECT_EQ(states(batch()), (States{{"reused", 16}}));
  place_.write("splash.txt", "two");
  EXPECT_EQ(states(batch()), (States{{"built", 16}}));
}

TEST_F(Batch, RomsOfOneChoiceAreRememberedUntilAnother) {
  write_plan("", "    roms: \"*_txtmode\"\n");
  EXPECT_EQ(states(batch()), (States{{"built", 8}}));
  EXPECT_EQ(states(batch()), (States{{"reused", 8}}));
  write_plan("");
  EXPECT_EQ(states(batch()), (States{{"reused", 8}, {"built", 8}}));
}

TEST_F(Batch, OneFailureStopsNothingElse) {
  // The second release is cut short; the first is whole.
  Buffer tarball = place_.read("r2_sample_12mb.tar.xz");
  tarball.resize(tarball.size() / 2);
  place_.write("r2_sample_12mb.tar.xz", tarball);
  const Result result = place_({"batch", place_.path("plan.yaml")});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("8 built, 0 reused, 1 failed"));
  EXPECT_THAT(result.err,
              HasSubstr("romwright: r2_sample_12mb: " + place_.path("r2_sample_12mb.tar.xz")));
  EXPECT_FALSE(place_.has("out/r2_sample_12mb"));
  const json again = batch({}, 3);
  EXPECT_EQ(states(again), (States{{"reused", 8}, {"failed", 1}}));
  EXPECT_THAT(again["images"].back()["error"].get<std::string>(), HasSubstr("r2_sample_12mb"));
}

TEST_F(Batch, ARomOfAWrongSizeFailsAlone) {
  const std::string rom = "sample/complete/bin/sample_12mb/seabios_sample_12mb_txtmode.rom";
  Buffer image = place_.read(rom);
  image.resize(image.size() - 100);
  place_.write(rom, image);
  place_.write("plan.yaml",
               "batch: p\noutput: out\nseed: s\nmanifests: sample/manifests\nbuilds:\n"
               "  - {board: sample_12mb, releases: sample/complete, mac: \"00:1f:16:xx:xx:xx\", "
               "copies: 2}\n");
  const Result result = place_({"batch", place_.path("plan.yaml")});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 built, 0 reused, 2 failed"));
  EXPECT_THAT(result.err, HasSubstr("is not the size of an image"));
}

TEST_F(Batch, AMissingVendorFileIsToldOnce) {
  fs::remove(place_.path("sample/vendor/ec.bin"));
  const Result result = place_({"batch", place_.path("plan.yaml"), "--offline"});
  EXPECT_EQ(result.status, 4);
  EXPECT_THAT(result.out, HasSubstr("0 built, 0 reused, 16 failed"));
  EXPECT_THAT(result.err, HasSubstr("romwright: r1_sample_12mb/bin/sample_12mb/"
                                    "seabios_sample_12mb_corebootfb.rom and 15 more: CBFS "
                                    "ecfw1.bin: ec.bin (ec-sample): no file with SHA-512 "));
  EXPECT_EQ(result.err.find("ec.bin (ec-sample)"), result.err.rfind("ec.bin (ec-sample)"));
}

TEST_F(Batch, TarballsAreDeterministicAndWhole) {
  write_plan("format: tarballs\n");
  EXPECT_EQ(states(batch({"-j", "1"})), (States{{"built", 16}}));
  const auto once = files("out");
  EXPECT_EQ(once.size(), 2U);
  batch({"-j", "8", "-o", place_.path("eight")});
  EXPECT_EQ(files("eight"), once);
  for (const char* part : {"1/2", "2/2"}) batch({"-o", place_.path("parts"), "--shard", part});
  EXPECT_EQ(files("parts"), once);
  EXPECT_EQ(states(batch()), (States{{"reused", 16}}));
  const json inside = place_.json({"inspect", place_.path("out/r1_sample_12mb.tar.xz")}, 0);
  EXPECT_FALSE(inside.is_null());

  fs::remove_all(place_.path("out"));
  fs::remove_all(place_.path("cache"));
  fs::remove(place_.path("sample/vendor/ec.bin"));
  EXPECT_EQ(states(batch({"--offline"}, 4)), (States{{"failed", 16}}));
  EXPECT_TRUE(files("out").empty());
}

TEST_F(Batch, EveryProblemOfAPlanIsToldAtOnce) {
  place_.write(
      "plan.yaml",
      "batch: p\noutput: out\nmanifests: sample/manifests\nbuilds:\n"
      "  - {board: smple_12mb, releases: absent*.tar.xz, files: [{file: none, cbfs: x}]}\n");
  const Result result = place_({"batch", place_.path("plan.yaml")});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(
      result.err,
      HasSubstr(
          "plan.yaml:5:13: unknown board 'smple_12mb' (did you mean 'sample_12mb'?)\n"
          "    - {board: smple_12mb, releases: absent*.tar.xz, files: [{file: none, cbfs: x}]}\n"
          "              ^\n"));
  EXPECT_THAT(result.err, HasSubstr("none: No such file or directory"));
  EXPECT_THAT(result.err, HasSubstr("absent*.tar.xz' (it is looked for from the plan's folder)"));
  EXPECT_FALSE(place_.has("out"));
}

TEST_F(Batch, TwoImagesOfOnePathAreRefused) {
  write_plan("", "  - {board: sample_12mb, releases: r1_sample_12mb.tar.xz}\n");
  const Result result = place_({"batch", place_.path("plan.yaml")});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.out, HasSubstr("16 built, 0 reused, 2 failed"));
  EXPECT_THAT(result.err, HasSubstr("two images of the plan would be this file (give one of the "
                                    "builds a suffix:"));
}

TEST_F(Batch, AnOutputThatCannotBeWrittenIsOneError) {
  place_.write("out", "a file");
  const Result result = place_({"batch", place_.path("plan.yaml")});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot be made: Not a directory"));
}

}  // namespace
}  // namespace romwright
