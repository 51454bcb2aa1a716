// SPDX-License-Identifier: GPL-2.0-or-later
// The main job on real input: the release tarballs among the fixtures, where they are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "tests/scenarios/cli/romwright.h"

namespace romwright {
namespace {

using nlohmann::json;
using test::Workplace;

constexpr const char* new_mac = "00:1f:16:12:34:56";

/// One fixture: its tarball, vendor files, and what must come out.
class ReleaseFixture : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto fixtures = test::fixtures();
    if (!fixtures) GTEST_SKIP() << "the fixtures are not here";
    releases_ = *fixtures / "releases";
    facts_ = json::parse(std::ifstream(releases_ / (board() + ".json")));
    tarball_ = (releases_ / facts_["tarball"].get<std::string>()).string();
    vendor_ = (releases_ / ("vendor-" + board())).string();
    write_manifests();
  }

  static std::string board() { return GetParam(); }

  /// Manifests of the fixture's own: its contents differ from the board's real releases.
  void write_manifests() const {
    std::string manifest = fmt::format("board: {0}\ntitle: {0} as a fixture\n", board());
    manifest +=
        fmt::format("image:\n  size: {}\n", facts_["roms"].front()["size"].get<std::uint64_t>());
    manifest += "chips:\n" +
                std::string(board() == "x230_12mb"
                                ? "  - {name: bottom, size: 8MiB}\n  - {name: top, size: 4MiB}\n"
                                : "  - {name: flash, size: 16MiB}\n");
    manifest += "insert:\n";
    for (const json& insert : facts_["insert"]) {
      const std::string file = insert["file"];
      const std::string name = board() + "-" + file.substr(0, file.find('.'));
      manifest += fmt::format("  - {{file: {}", name);
      for (const char* key : {"region", "cbfs", "type", "offset"})
        if (insert.contains(key))
          manifest += fmt::format(", {}: \"{}\"", key, insert[key].get<std::string>());
      manifest += "}\n";
      const json& pinned = facts_["vendor"][file];
      place_.write(
          "manifests/vendorfiles/" + name + ".yaml",
          fmt::format("file: {}\nkind: other\nresults:\n  - {{name: {}, sha512: {}, size: {}}}\n"
                      "missing: Take it from the fixtures.\n",
                      name, file, pinned["sha512"].get<std::string>(),
                      pinned["size"].get<std::uint64_t>()));
    }
    place_.write("manifests/layouts/test/" + board() + ".yaml", manifest);
  }

  [[nodiscard]] std::string manifest() const {
    return place_.path("manifests/layouts/test/" + board() + ".yaml");
  }
  [[nodiscard]] std::vector<std::string> common() const {
    return {"--board",      manifest(), "--manifests", place_.path("manifests"),
            "--vendor-dir", vendor_};
  }
  [[nodiscard]] std::vector<std::string> with_common(std::vector<std::string> arguments) const {
    for (const std::string& argument : common()) arguments.push_back(argument);
    return arguments;
  }
  [[nodiscard]] std::string member(const std::string& folder, const std::string& rom) const {
    return folder + "/bin/" + board() + "/" + rom;
  }

  Workplace place_;
  std::filesystem::path releases_;
  json facts_;
  std::string tarball_, vendor_;
};

TEST_P(ReleaseFixture, PrepareGivesEveryRomItsHash) {
  const json result = place_.json(with_common({"prepare", tarball_, "-o", place_.path("out")}));
  ASSERT_EQ(result["roms"].size(), facts_["roms"].size());
  for (const json& rom : result["roms"]) {
    const std::string name = rom["name"];
    EXPECT_EQ(rom["sha512"], facts_["roms"][name]["sha512"]) << name;
    EXPECT_EQ(rom["verified"], true);
    EXPECT_EQ(hex_digest(Hash::sha512, place_.read(member("out", name))),
              facts_["roms"][name]["sha512"]);
  }
}

TEST_P(ReleaseFixture, PrepareSetsTheMacAfterTheHashWasChecked) {
  const json result =
      place_.json(with_common({"prepare", tarball_, "-o", place_.path("out"), "--mac", new_mac}));
  for (const json& rom : result["roms"]) {
    const std::string name = rom["name"];
    EXPECT_EQ(rom["verified"], true);
    EXPECT_EQ(hex_digest(Hash::sha512, place_.read(member("out", name))),
              facts_["roms"][name]["sha512_with_mac_00:1f:16:12:34:56"]);
  }
}

TEST_P(ReleaseFixture, StripGivesTheReleaseBack) {
  ASSERT_EQ(place_(with_common({"prepare", tarball_, "-o", place_.path("full.tar.xz")})).status, 0);
  const test::Result stripped =
      place_({"strip", place_.path("full.tar.xz"), "--board", manifest(), "--manifests",
              place_.path("manifests"), "-o", place_.path("stripped")});
  ASSERT_EQ(stripped.status, 0) << stripped.err;
  const std::string original = place_.path("original");
  std::filesystem::create_directory(original);
  ASSERT_EQ(test::run({"tar", "xf", tarball_, "-C", original}).status, 0);
  for (const auto& entry : std::filesystem::directory_iterator(original + "/bin/" + board())) {
    const std::string name = entry.path().filename();
    if (name == "vendorhashes") {
      EXPECT_EQ(place_.read(member("stripped", name)).size(), test::read_file(entry.path()).size());
      continue;
    }
    EXPECT_TRUE(place_.read(member("stripped", name)) == test::read_file(entry.path())) << name;
  }
}

TEST_P(ReleaseFixture, FlashWritesOnceAndFindsItIdenticalAfterwards) {
  std::vector<std::string> arguments = with_common({"flash", tarball_, "--rom", "seabios_*"});
  const auto chip = [&](const std::string& name, const std::string& file) {
    arguments.insert(arguments.end(), {"-p", "sim:chip=" + name + ",image=" + place_.path(file)});
  };
  if (board() == "x230_12mb") {
    chip("W25Q64FV", "bottom");
    chip("W25Q32FV", "top");
  } else {
    chip("W25Q128FV", "flash");
  }
  const json first = place_.json(arguments);
  EXPECT_EQ(first["result"], "written");
  EXPECT_GT(first["programmed_bytes"].get<std::uint64_t>(), 0U);
  EXPECT_EQ(first["verified_bytes"], facts_["roms"].front()["size"]);
  EXPECT_TRUE(std::filesystem::exists(first["backup"].get<std::string>()));
  Buffer content = place_.read(board() == "x230_12mb" ? "bottom" : "flash");
  if (board() == "x230_12mb") {
    const Buffer top = place_.read("top");
    content.insert(content.end(), top.begin(), top.end());
  }
  EXPECT_EQ(hex_digest(Hash::sha512, content),
            facts_["roms"][fmt::format("seabios_{}_txtmode.rom", board())]["sha512"]);
  const json second = place_.json(arguments);
  EXPECT_EQ(second["result"], "identical");
  EXPECT_EQ(second["erased_bytes"], 0);
}

TEST_P(ReleaseFixture, SeveralRomsAreListedWithExitStatus2) {
  const test::Result result = place_(
      with_common({"flash", tarball_, "-p", "sim:chip=W25Q128FV,image=" + place_.path("flash")}));
  EXPECT_EQ(result.status, 2);
  for (const auto& [name, unused] : facts_["roms"].items())
    EXPECT_NE(result.err.find(name), std::string::npos) << result.err;
  EXPECT_FALSE(place_.has("flash"));
}

TEST_P(ReleaseFixture, WithoutTheVendorFilesNothingIsMade) {
  const test::Result result = place_({"prepare", tarball_, "--board", manifest(), "--manifests",
                                      place_.path("manifests"), "-o", place_.path("out")});
  EXPECT_EQ(result.status, 4) << result.err;
  EXPECT_NE(result.err.find("me.bin"), std::string::npos);
  EXPECT_FALSE(place_.has("out"));
}

INSTANTIATE_TEST_SUITE_P(Boards, ReleaseFixture, testing::Values("x230_12mb", "hp2570p_16mb"),
                         [](const auto& board) { return std::string(board.param); });

class X230 : public ReleaseFixture {};

TEST_P(X230, OnOneChipOf16MiBIsRefused) {
  const test::Result result =
      place_(with_common({"flash", tarball_, "--rom", "seabios_*", "-p",
                          "sim:chip=W25Q128FV,image=" + place_.path("one")}));
  EXPECT_EQ(result.status, 6) << result.err;
  EXPECT_TRUE(all_equal(place_.read("one"), 0xff));
}

INSTANTIATE_TEST_SUITE_P(Boards, X230, testing::Values("x230_12mb"));

}  // namespace
}  // namespace romwright
