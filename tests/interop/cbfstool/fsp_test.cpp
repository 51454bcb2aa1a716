// SPDX-License-Identifier: GPL-2.0-or-later
// A real FSP, executed in place at every kind of place.
#include "tests/interop/cbfstool/cbfstool.h"

namespace romwright::images {
namespace {

class FspInPlace : public WithCbfstool {
 protected:
  void SetUp() override {
    WithCbfstool::SetUp();
    if (IsSkipped()) return;
    const auto folder = test::fixtures();
    if (!folder) GTEST_SKIP() << "the FSP is not here";
    fsp_ = test::read_file(*folder / "blobs/soc/intel/quark/Fsp2_0/RELEASE/FSP_M.fd");
    test::write_file(file("fsp"), fsp_);
  }
  void compare(const std::vector<std::string>& more, const CbfsAddOptions& options) {
    begin(test::fmap_image());
    editor().add("config", test::pattern(1000, 1));
    test::write_file(file("image.rom"), image_);
    std::vector<std::string> arguments = {"add",      "-f", file("fsp"), "-n",
                                          "fspm.bin", "-t", "fsp",       "--xip"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const test::Result result = cbfstool(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
    editor().add_fsp_xip("fspm.bin", fsp_, options);
    EXPECT_TRUE(same()) << testing::PrintToString(more);
  }
  Buffer fsp_;
};

TEST_F(FspInPlace, SameBytesWhereverItLies) {
  CbfsAddOptions options;
  compare({}, options);
  options.generate_attributes = true;
  compare({"-g"}, options);
  options = {};
  options.hash = 2;
  compare({"-A", "sha256"}, options);
  for (const char* position : {"0xfff80000", "0x40000", "-0x60000"}) {
    options = {};
    options.position = CbfsPosition::parse(position);
    compare({"-b", position}, options);
    options.generate_attributes = true;
    compare({"-b", position, "-g"}, options);
  }
}

}  // namespace
}  // namespace romwright::images
