// SPDX-License-Identifier: GPL-2.0-or-later
// UEFIExtract's dump of an image, against the tree: every volume, file and section at its place.
#include <map>

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/support/program.h"
#include "tests/support/uefi_images.h"
#include "toolkit/images/formats/uefi/uefi_tree.h"

namespace romwright::images {
namespace {

namespace fs = std::filesystem;
using test::joined;
using test::section;

/// The lines "NAME: VALUE" of an info.txt.
std::map<std::string, std::string> info_of(const fs::path& folder) {
  std::map<std::string, std::string> info;
  std::ifstream file(folder / "info.txt");
  for (std::string line; std::getline(file, line);)
    if (const auto colon = line.find(": "); colon != std::string::npos)
      info.emplace(line.substr(0, colon) + (info.contains(line.substr(0, colon)) ? " 2" : ""),
                   line.substr(colon + 2));
  return info;
}

constexpr const char* kind_names[] = {"Image", "Padding", "Volume", "File", "Section"};

class UefiExtract : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> found = test::find_program("UEFIExtract");
    if (!found) GTEST_SKIP() << "UEFIExtract is not installed (Debian: uefitool-cli)";
    uefiextract_ = *found;
  }

  /// Checks all that UEFIExtract finds in `image`.
  void compare(const Buffer& image) {
    const std::string name = (folder_ / "image.fd").string();
    test::write_file(name, image);
    fs::remove_all(name + ".dump");
    (void)test::run({uefiextract_, name, "all"});
    ASSERT_TRUE(fs::is_directory(name + ".dump"));
    const UefiTree tree(image);
    compare_children(name + ".dump", tree.root());
  }

  void compare_children(const fs::path& folder, const UefiNode& node) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!entry.is_directory()) continue;
      auto info = info_of(entry.path());
      if (info["Type"] != "Volume" && info["Type"] != "File" && info["Type"] != "Section") continue;
      const std::size_t index = std::stoul(entry.path().filename().string());
      ASSERT_LT(index, node.children.size()) << entry.path();
      compare_node(entry.path(), info, node.children[index]);
    }
  }
  void compare_node(const fs::path& folder, std::map<std::string, std::string>& info,
                    const UefiNode& node) {
    SCOPED_TRACE(folder.string());
    ASSERT_EQ(info["Type"], kind_names[static_cast<int>(node.kind)]);
    EXPECT_EQ(test::read_file(folder / "body.bin"), Buffer(node.body.begin(), node.body.end()));
    if (node.kind == UefiNode::Kind::file) {
      EXPECT_EQ(info["File GUID"], to_string(*node.guid));
      ++files_;
    }
    if (node.kind == UefiNode::Kind::volume) {
      EXPECT_EQ(info["FileSystem GUID"], to_string(*node.guid));
      ++volumes_;
    }
    if (node.kind != UefiNode::Kind::volume) {
      EXPECT_EQ(std::stoul(info["Type 2"], nullptr, 16), node.type);
    }
    if (node.kind == UefiNode::Kind::section) ++sections_;
    compare_children(folder, node);
  }

  test::TemporaryFolder folder_;
  std::string uefiextract_;
  std::size_t volumes_ = 0, files_ = 0, sections_ = 0;
};

TEST_F(UefiExtract, AgreesOnOvmf) {
  const fs::path folder = "/usr/share/OVMF";
  if (!fs::exists(folder / "OVMF_CODE.fd")) GTEST_SKIP() << "OVMF is not installed (Debian: ovmf)";
  for (const char* name : {"OVMF_CODE.fd", "OVMF_CODE_4M.secboot.fd", "OVMF_VARS.fd"})
    if (fs::exists(folder / name)) compare(test::read_file(folder / name));
  EXPECT_GE(volumes_, 4U);
  EXPECT_GE(files_, 100U);
  EXPECT_GE(sections_, 300U);
}

TEST_F(UefiExtract, AgreesOnTheFixture) {
  if (!test::fixtures()) GTEST_SKIP() << "the fixtures are not here";
  compare(test::read_file(*test::fixtures() / "containers/uefi/OVMF.fd"));
  EXPECT_GE(files_, 100U);
}

constexpr std::string_view guids[] = {
    "11111111-0000-0000-0000-000000000001", "11111111-0000-0000-0000-000000000002",
    "11111111-0000-0000-0000-000000000003", "11111111-0000-0000-0000-000000000004",
    "11111111-0000-0000-0000-000000000005", "11111111-0000-0000-0000-000000000006"};

/// Sections that compress well, about 60 KiB.
Buffer many_sections() {
  Buffer text;
  for (unsigned i = 0; text.size() < 60000; ++i) {
    const std::string words = "module " + std::to_string(i * i) + " of " + std::to_string(i % 7);
    text = joined({text, test::bytes_of(words)});
  }
  return joined(
      {section(0x19, text), section(0x10, test::pattern(3000, 1)), test::ui_section("Compressed")},
      4);
}

TEST_F(UefiExtract, AgreesOnEveryCompression) {
  const Buffer inside = many_sections();
  const Buffer efi11 = test::TianoWriter(4).compress(inside);
  const Buffer tiano = test::TianoWriter(5).compress(inside);
  const Buffer lzma = test::lzma_compressed(inside);
  using test::firmware_file;
  compare(test::volume(
      0x80000,
      {firmware_file(guids[0], 0x07, test::compression_section(1, efi11, inside.size())),
       firmware_file(guids[1], 0x07, test::compression_section(1, tiano, inside.size())),
       firmware_file(guids[2], 0x07,
                     test::guid_section("A31280AD-481E-41B6-95E8-127F4C984779", tiano)),
       firmware_file(guids[3], 0x07,
                     test::guid_section("EE4E5898-3914-4259-9D6E-DC7BD79403CF", lzma)),
       firmware_file(guids[4], 0x07,
                     test::guid_section("D42AE6BD-1352-4BFB-909A-CA72A6EAE889",
                                        test::lzma_compressed(inside, true))),
       firmware_file(guids[5], 0x07, test::compression_section(0, inside, inside.size()))}));
  EXPECT_EQ(files_, 6U);
  EXPECT_EQ(sections_, 24U);
}

TEST_F(UefiExtract, AgreesOnEveryKindOfVolume) {
  const Buffer leaf = section(0x19, test::pattern(100, 3));
  const Buffer inner = test::volume(0x800, {test::firmware_file(guids[1], 0x02, leaf)});
  compare(joined({Buffer(0x100, 0xff),
                  test::volume(0x1000, {test::firmware_file(guids[0], 0x07, leaf, {0x40, 1})},
                               {test::ffs1_guid, "", 0xff, 1}),
                  test::volume(0x1000,
                               {test::firmware_file(guids[2], 0x01, test::pattern(50, 1)),
                                test::firmware_file(guids[3], 0x0b, section(0x17, inner))},
                               {test::ffs2_guid, guids[5], 0x00, 2}),
                  test::pattern(0x400, 9),
                  test::volume(0x2000, {test::firmware_file(guids[4], 0x07, leaf, {0, 2, true})},
                               {test::ffs3_guid})}));
  EXPECT_EQ(volumes_, 4U);
  EXPECT_EQ(files_, 5U);
}

}  // namespace
}  // namespace romwright::images
