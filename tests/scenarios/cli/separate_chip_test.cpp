// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware for another chip of the machine is written beside the ROM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;
using test::Result;
using testing::HasSubstr;

class SeparateChip : public testing::Test {
 protected:
  void SetUp() override {
    test::make_sample_release(place_.path("sample"));
    const std::string manifest = "sample/manifests/layouts/sample/sample_12mb.yaml";
    const Buffer old = place_.read(manifest);
    place_.write(manifest, std::string(old.begin(), old.end()) +
                               "separate_chip: {name: thunderbolt, size: 1MiB, file: tb}\n");
    place_.write("sample/manifests/vendorfiles/tb.yaml",
                 fmt::format("file: tb\nkind: thunderbolt\nresults:\n  - {{name: tb.bin, sha512: "
                             "{}, size: 0x100000}}\nmissing: Look for it.\n",
                             hex_digest(Hash::sha512, firmware_)));
    place_.write("sample/vendor/tb.bin", firmware_);
  }
  [[nodiscard]] Result prepare(const std::string& input, const std::string& output,
                               std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"prepare",      input,
                                 "-o",           place_.path(output),
                                 "--board",      "sample_12mb",
                                 "--manifests",  place_.path("sample/manifests"),
                                 "--vendor-dir", place_.path("sample/vendor")};
    all.insert(all.end(), more.begin(), more.end());
    return place_(all);
  }

  test::Workplace place_;
  Buffer firmware_ = test::sample_content(1U << 20, 21);
};

TEST_F(SeparateChip, BesideTheRomsOfAFolderAndOfATarball) {
  const std::string complete = place_.path("sample/complete");
  const Result folder = prepare(complete, "out");
  EXPECT_EQ(folder.status, 0) << folder.err;
  EXPECT_THAT(folder.out, HasSubstr("thunderbolt.bin: 1 MiB, for a chip of its own\n"));
  EXPECT_EQ(place_.read("out/bin/sample_12mb/thunderbolt.bin"), firmware_);
  // The output is a release again, whatever else lies in it.
  EXPECT_EQ(prepare(place_.path("out"), "out.tar.xz").status, 0);
  EXPECT_EQ(prepare(place_.path("out.tar.xz"), "again").status, 0);
  EXPECT_EQ(place_.read("again/bin/sample_12mb/thunderbolt.bin"), firmware_);
}

TEST_F(SeparateChip, BesideASingleRom) {
  const Result result =
      prepare(place_.path("sample/complete"), "one.rom", {"--rom", "seabios_sample_12mb_txtmode"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(place_.read("thunderbolt.bin"), firmware_);
}

TEST_F(SeparateChip, IsNotNeededByTheRom) {
  fs::remove(place_.path("sample/vendor/tb.bin"));
  const Result result = prepare(place_.path("sample/complete"), "out", {"--offline"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("the thunderbolt chip: tb.bin (tb)"));
  EXPECT_FALSE(place_.has("out/bin/sample_12mb/thunderbolt.bin"));
}

}  // namespace
}  // namespace romwright
