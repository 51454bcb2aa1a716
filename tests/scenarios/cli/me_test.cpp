// SPDX-License-Identifier: GPL-2.0-or-later
// `romwright me` on firmware of the project's own making: which files are changed and written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/me_firmware_images.h"

namespace romwright {
namespace {

using namespace romwright::test;
using testing::HasSubstr;

class MeCommand : public testing::Test {
 protected:
  void SetUp() override {
    place_.write("me.bin", region_);
    place_.write("full.rom", full_);
  }
  /// Runs `romwright me`; what begins with '@' is a file in the folder.
  Result run(std::vector<std::string> arguments) const {
    for (std::string& argument : arguments)
      if (argument.starts_with('@')) argument = place_.path(argument.substr(1));
    arguments.insert(arguments.begin(), "me");
    return place_(arguments);
  }

  const Buffer region_ = me_gen2_region();
  const Buffer full_ = me_dump(region_);
  test::Workplace place_;
};

TEST_F(MeCommand, ShowsAndChangesNothing) {
  const auto report = place_.json({"me", place_.path("full.rom")});
  EXPECT_EQ(report["generation"], 2);
  EXPECT_EQ(report["version"], "8.1.2.3");
  EXPECT_EQ(report["region"], nlohmann::json({{"offset", 0x1000}, {"size", 0x10000}}));
  EXPECT_EQ(report["disabled"], false);
  EXPECT_EQ(report["signature_valid"], true);
  EXPECT_EQ(report["outputs"], nlohmann::json::array());
  EXPECT_EQ(place_.read("full.rom"), full_);
}

TEST_F(MeCommand, CleansIntoAnotherFileOrTheInput) {
  EXPECT_EQ(run({"-rt", "-O", "@out.bin", "@me.bin"}).status, 0);
  EXPECT_EQ(place_.read("me.bin"), region_);
  const Buffer cleaned = place_.read("out.bin");
  EXPECT_EQ(cleaned.size(), 0x8000U);
  EXPECT_EQ(run({"@me.bin", "-r", "-t"}).status, 0);
  EXPECT_EQ(place_.read("me.bin"), cleaned);
}

TEST_F(MeCommand, AnExtractionCleansToo) {
  EXPECT_EQ(run({"@me.bin", "-O", "@cleaned.bin"}).status, 0);
  EXPECT_EQ(run({"@full.rom", "-M", "@part.bin"}).status, 0);
  EXPECT_EQ(place_.read("part.bin"), place_.read("cleaned.bin"));
  EXPECT_EQ(place_.read("full.rom"), me_dump(place_.read("cleaned.bin")));
}

TEST_F(MeCommand, ACheckExtractsWhatIsThere) {
  EXPECT_EQ(run({"@full.rom", "-c", "-M", "@part.bin", "-D", "@ifd.bin"}).status, 0);
  EXPECT_EQ(place_.read("part.bin"), region_);
  EXPECT_EQ(place_.read("ifd.bin"), Buffer(full_.begin(), full_.begin() + 0x1000));
  EXPECT_EQ(place_.read("full.rom"), full_);
}

TEST_F(MeCommand, AFailureLeavesWhatWasDone) {
  Buffer bad = region_;
  bad[0x4180] = 3;  // the exponent of the key
  place_.write("bad.bin", bad);
  const Result result = run({"-rt", "-O", "@out.bin", "@bad.bin"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("romwright: " + place_.path("bad.bin") +
                                    ": the signature of FTPR is not valid"));
  EXPECT_EQ(place_.read("out.bin").size(), 0x8000U);
  place_.write("text", "no firmware");
  EXPECT_EQ(run({"-rt", "-O", "@none.bin", "@text"}).status, 3);
  EXPECT_FALSE(place_.has("none.bin"));
}

TEST_F(MeCommand, OptionsThatDoNotGoTogether) {
  for (const std::vector<std::string>& options : {std::vector<std::string>{"-S", "-s"},
                                                  {"-w", "A", "-b", "B"},
                                                  {"-c", "-r"},
                                                  {"-c", "-S"},
                                                  {"-c", "-O", "@out.bin"},
                                                  {"-s", "-t"},
                                                  {"-r", "-w", "MFS"},
                                                  {"-r", "-b", "MFS"}}) {
    std::vector<std::string> arguments = options;
    arguments.emplace_back("@full.rom");
    EXPECT_EQ(run(arguments).status, 2) << testing::PrintToString(options);
  }
  EXPECT_EQ(run({"-S", "-O", "@out.bin", "@me.bin"}).status, 2) << "no full image";
  EXPECT_FALSE(place_.has("out.bin"));
  EXPECT_EQ(place_.read("full.rom"), full_);
}

}  // namespace
}  // namespace romwright
