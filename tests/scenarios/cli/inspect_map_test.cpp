// SPDX-License-Identifier: GPL-2.0-or-later
// inspect's map and comparison: files, text, JSON, exit statuses. What the page looks like is
// tested in a browser (tests/scenarios/map).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

using test::Result;
using test::SampleImage;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class InspectMap : public testing::Test {
 protected:
  void SetUp() override {
    test::make_sample_release(place_.path("sample"));
    first_ = place_.read(rom_ + "txtmode.rom");
    place_.write("a.rom", first_);
  }
  std::string text(const std::string& name) const {
    const Buffer bytes = place_.read(name);
    return {bytes.begin(), bytes.end()};
  }
  /// `inspect a.rom --diff b.rom` of the first image and a changed one.
  Result diff(ConstBytes second, const std::vector<std::string>& more = {}) const {
    place_.write("b.rom", second);
    std::vector<std::string> arguments{"inspect", place_.path("a.rom"), "--diff",
                                       place_.path("b.rom")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_(arguments);
  }

  const std::string rom_ = "sample/complete/bin/sample_12mb/seabios_sample_12mb_";
  test::Workplace place_;
  Buffer first_;
};

TEST_F(InspectMap, WritesPageAndPicture) {
  const Result result = place_({"inspect", place_.path("a.rom"), "--svg", place_.path("a.svg"),
                                "--html", place_.path("a.html"), "--board", "sample_12mb",
                                "--manifests", place_.path("sample/manifests")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("COREBOOT"));
  EXPECT_THAT(result.out, HasSubstr("a.html: "));
  EXPECT_THAT(text("a.html"), AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("<h1>a.rom</h1>"),
                                    HasSubstr("top_4mb.rom"), EndsWith("</html>\n")));
  EXPECT_THAT(text("a.svg"),
              AllOf(StartsWith("<svg xmlns="), HasSubstr("top_4mb.rom"), EndsWith("</svg>\n")));
}

TEST_F(InspectMap, TheSameImageGivesTheSamePage) {
  for (const char* name : {"1.html", "2.html"})
    EXPECT_EQ(place_({"inspect", place_.path("a.rom"), "--html", place_.path(name)}).status, 0);
  EXPECT_EQ(text("1.html"), text("2.html"));
}

TEST_F(InspectMap, OfAReleaseNeedsOneRom) {
  const std::string release = place_.path("sample/complete");
  const Result several = place_({"inspect", release, "--svg", place_.path("a.svg")});
  EXPECT_EQ(several.status, 2);
  EXPECT_THAT(several.err, AllOf(HasSubstr("2 ROMs"), HasSubstr("--rom")));
  EXPECT_FALSE(place_.has("a.svg"));
  const Result one = place_({"inspect", release, "--rom", "seabios_sample_12mb_txtmode.rom",
                             "--svg", place_.path("a.svg")});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_THAT(text("a.svg"), HasSubstr("seabios_sample_12mb_txtmode.rom"));
}

TEST_F(InspectMap, IdenticalImagesAreSaidToBe) {
  const Result same = diff(first_);
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("identical to " + place_.path("b.rom")));
}

TEST_F(InspectMap, DifferencesInText) {
  Buffer second = first_;
  second[SampleImage::me.offset + 0x8000] ^= 1;
  const Result result = diff(second);
  EXPECT_EQ(result.status, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("1 of 12582912 bytes differ"));
  EXPECT_THAT(result.out, testing::ContainsRegex("ifd +me +changed +1 bytes +0x00003000"));
  EXPECT_THAT(result.out, Not(testing::ContainsRegex("gbe +changed")));
  EXPECT_THAT(result.out, HasSubstr("1 of 3072 blocks of 4 KiB differ"));
  EXPECT_THAT(result.out, HasSubstr("1 of 192 blocks of 64 KiB differ"));
}

TEST_F(InspectMap, DifferencesInJson) {
  Buffer second = first_;
  second[SampleImage::me.offset + 0x8000] ^= 1;
  images::CbfsEditor(second, SampleImage::coreboot).add("new", Buffer(100, 1), {});
  place_.write("b.rom", second);
  const auto object =
      place_.json({"inspect", place_.path("a.rom"), "--diff", place_.path("b.rom")}, 1)["diff"];
  EXPECT_EQ(object["other"], place_.path("b.rom"));
  EXPECT_EQ(object["size"], SampleImage::size);
  EXPECT_EQ(object["identical"], false);
  EXPECT_GT(object["differing_bytes"], 100);
  const auto find = [](const nlohmann::json& list, const std::string& name) {
    for (const auto& entry : list)
      if (entry["name"] == name) return entry;
    return nlohmann::json();
  };
  EXPECT_EQ(find(object["regions"], "me"),
            nlohmann::json({{"name", "me"},
                            {"change", "changed"},
                            {"differing_bytes", 1},
                            {"first", {{"offset", 0x3000}, {"size", 0x18000}}},
                            {"second", {{"offset", 0x3000}, {"size", 0x18000}}},
                            {"source", "ifd"}}));
  EXPECT_EQ(find(object["regions"], "gbe")["change"], "same");
  EXPECT_EQ(find(object["cbfs"], "new")["change"], "only in the second");
  EXPECT_EQ(find(object["cbfs"], "new")["first"], nullptr);
  EXPECT_EQ(object["blocks"][0]["size"], 4096);
  EXPECT_EQ(object["blocks"][0]["count"], 3072);
  EXPECT_EQ(object["blocks"][0]["runs"][0], nlohmann::json({{"offset", 0xb000}, {"size", 0x1000}}));
  EXPECT_EQ(object["blocks"][1]["size"], 65536);
}

TEST_F(InspectMap, ComparesWithAReleaseOfOneRom) {
  const Result result =
      place_({"inspect", place_.path("a.rom"), "--diff", place_.path("sample/complete"), "--rom",
              "seabios_sample_12mb_corebootfb.rom"});
  EXPECT_EQ(result.status, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("config"));
}

TEST_F(InspectMap, WrongUseIsRefused) {
  const Result board = place_({"inspect", place_.path("a.rom"), "--board", "sample_12mb"});
  EXPECT_EQ(board.status, 2);
  EXPECT_THAT(board.err, HasSubstr("--board is for a map"));
  EXPECT_EQ(place_({"inspect", place_.path("a.rom"), "--diff", place_.path("nothing.rom")}).status,
            3);
  const Result unwritable =
      place_({"inspect", place_.path("a.rom"), "--svg", place_.path("no/such/folder/a.svg")});
  EXPECT_EQ(unwritable.status, 1);
  EXPECT_THAT(unwritable.err, HasSubstr("a.svg"));
}

TEST_F(InspectMap, NamesDoNotReachTheTerminalAsTheyAre) {
  Buffer image = first_;
  const std::string_view word = "sevenby";
  images::CbfsEditor(image, SampleImage::coreboot).add(std::string(word), Buffer(64, 1), {});
  std::ranges::copy(std::string_view("\x1b[31m\xff\x07"),
                    std::search(image.begin(), image.end(), word.begin(), word.end()));
  place_.write("c.rom", image);
  const Result result = place_({"inspect", place_.path("c.rom")});
  EXPECT_THAT(result.out, HasSubstr("\\u{1b}[31m\\xff\\u{7}"));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace romwright
