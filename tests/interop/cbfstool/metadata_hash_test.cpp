// SPDX-License-Identifier: GPL-2.0-or-later
// Images that verify their CBFS: files get hashes, and the anchor is brought up to date.
#include "tests/interop/cbfstool/cbfstool.h"

namespace romwright::images {
namespace {

class VerifiedImages : public WithCbfstool {
 protected:
  void add(const std::string& name, const Buffer& content, const std::vector<std::string>& more,
           const CbfsAddOptions& options) {
    test::write_file(file("content"), content);
    std::vector<std::string> arguments = {"add", "-f", file("content"), "-n", name, "-t", "raw"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const test::Result result = cbfstool(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
    editor().add(name, content, options);
    ASSERT_TRUE(same());
  }
  void remove(const std::string& name) {
    ASSERT_EQ(cbfstool({"remove", "-n", name}).status, 0);
    editor().remove(name);
    ASSERT_TRUE(same());
  }
  /// A few changes of every kind.
  void change() {
    const Buffer before = image_;
    add("first", test::pattern(1000, 1), {}, {});
    EXPECT_NE(image_, before);
    CbfsAddOptions options;
    options.alignment = 0x1000;
    add("aligned", test::pattern(5000, 2), {"-a", "0x1000"}, options);
    options = {};
    options.position = CbfsPosition::parse("0x40000");
    options.hash = 2;
    add("placed", test::pattern(70, 3), {"-b", "0x40000", "-A", "sha256"}, options);
    remove("aligned");
    EXPECT_EQ(editor().view().find("first")->hash->digest,
              digest(Hash::sha256, test::pattern(1000, 1)));
  }
};

TEST_F(VerifiedImages, AnchorInAnArea) {
  Buffer image = test::bootblock_image();
  test::put(image, image.size() - 0x2345, test::metadata_anchor());
  begin(std::move(image));
  change();
}

TEST_F(VerifiedImages, AnchorInTheBootblockFile) {
  begin(test::fmap_image());
  Buffer bootblock = test::pattern(0x2000, 4);
  test::put(bootblock, 0x321, test::metadata_anchor());
  test::write_file(file("bootblock"), bootblock);
  const test::Result result = cbfstool(
      {"add", "-f", file("bootblock"), "-n", "bootblock", "-t", "bootblock", "-b", "-0x2000"});
  ASSERT_EQ(result.status, 0) << result.err;
  image_ = theirs();
  change();
}

}  // namespace
}  // namespace romwright::images
