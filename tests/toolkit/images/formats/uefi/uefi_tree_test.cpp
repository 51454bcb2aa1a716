// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/support/uefi_images.h"

namespace romwright::images {
namespace {

using test::firmware_file;
using test::joined;
using test::section;
using test::volume;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view a = "AAAAAAAA-0000-0000-0000-000000000001";
constexpr std::string_view b = "BBBBBBBB-0000-0000-0000-000000000002";

std::vector<std::string> paths_of(const Buffer& image, const UefiLimits& limits = {}) {
  std::vector<std::string> paths;
  UefiTree(image, limits).each([&](const UefiNode&, const std::string& path) {
    paths.push_back(path);
  });
  return paths;
}

std::vector<std::string> problems_of(const Buffer& image, const UefiLimits& limits = {}) {
  std::vector<std::string> lines;
  const UefiTree tree(image, limits);
  for (const Problem& problem : tree.problems())
    lines.push_back(problem.where + ": " + problem.message);
  return lines;
}

Buffer content_of(const UefiTree& tree, std::initializer_list<std::size_t> way) {
  const UefiNode* node = &tree.root();
  for (const std::size_t index : way) node = &node->children.at(index);
  return {node->content.begin(), node->content.end()};
}

const Buffer leaf = section(0x19, test::pattern(100, 3));

TEST(UefiTree, FindsVolumesAnywhere) {
  const Buffer image = joined({Buffer(0x123, 0xff), volume(0x400, {firmware_file(a, 0x07, leaf)}),
                               volume(0x400, {}), test::pattern(77, 1)});
  EXPECT_THAT(paths_of(image),
              ElementsAre("0:padding", "1:8C8CE578-8A3D-4F1C-9935-896185C32DD3",
                          "1:8C8CE578-8A3D-4F1C-9935-896185C32DD3/0:" + std::string(a),
                          "1:8C8CE578-8A3D-4F1C-9935-896185C32DD3/0:" + std::string(a) + "/0:raw",
                          "2:8C8CE578-8A3D-4F1C-9935-896185C32DD3", "3:padding"));
  EXPECT_THAT(problems_of(image), IsEmpty());
  const UefiTree tree(image);
  EXPECT_EQ(content_of(tree, {1, 0, 0}), test::pattern(100, 3));
  EXPECT_EQ(tree.file(*UefiGuid::parse(a)), &tree.root().children[1].children[0]);
  EXPECT_EQ(tree.file(*UefiGuid::parse(b)), nullptr);
}

TEST(UefiTree, IsEmptyWithoutAVolume) {
  EXPECT_THAT(paths_of(Buffer()), IsEmpty());
  EXPECT_THAT(paths_of(Buffer(0x1000, 0xff)), IsEmpty());
  EXPECT_THAT(paths_of(test::bytes_of(std::string(0x1000, '_') + "_FVH")), IsEmpty());
}

TEST(UefiTree, ReadsEveryKindOfSection) {
  const Buffer image = volume(
      0x1000,
      {firmware_file(
          a, 0x07,
          joined(
              {section(0x10, {1}), section(0x12, {2}), test::ui_section("Name"), section(0x13, {3}),
               section(0x18, {4}, test::guid_bytes(b)), section(0x14, {'1', 0, 0, 0}, {9, 0}),
               section(0x03, section(0x1b, {5})), section(0x19, {6}, {}, true),
               test::guid_section("FC1BCDB0-7D31-49AA-936A-A4600D9DD083", section(0x1c, {7}), 1,
                                  test::little(std::uint32_t{0x2cbfe44c})),
               section(0x55, {8})},
              4))});
  const UefiTree tree(image);
  std::vector<std::string> found;
  tree.each([&](const UefiNode& node, const std::string& path) {
    if (node.kind == UefiNode::Kind::section)
      found.push_back(path.substr(path.find('/', path.find('/') + 1) + 1) + "=" +
                      (node.text.empty() ? to_hex(node.content.first(1)) : node.text));
  });
  EXPECT_THAT(found, ElementsAre("0:pe32=01", "1:te=02", "2:ui=Name", "3:depex=03", "4:freeform=04",
                                 "5:version=1", "6:disposable=05", "6:disposable/0:depex=05",
                                 "7:raw=06", "8:FC1BCDB0-7D31-49AA-936A-A4600D9DD083=05",
                                 "8:FC1BCDB0-7D31-49AA-936A-A4600D9DD083/0:depex=07", "9:0x55=08"));
}

TEST(UefiTree, Decompresses) {
  const Buffer inside = joined({leaf, test::ui_section("Inside")}, 4);
  const Buffer image = volume(
      0x2000,
      {firmware_file(
          a, 0x07,
          joined(
              {test::compression_section(1, test::TianoWriter(4).compress(inside), inside.size()),
               test::compression_section(1, test::TianoWriter(5).compress(inside), inside.size()),
               test::compression_section(2, test::lzma_compressed(inside), inside.size()),
               test::compression_section(0, inside, inside.size()),
               test::guid_section("D42AE6BD-1352-4BFB-909A-CA72A6EAE889",
                                  test::lzma_compressed(inside, true))},
              4))});
  const UefiTree tree(image);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(content_of(tree, {0, 0, i, 0}), test::pattern(100, 3));
  EXPECT_THAT(problems_of(image), IsEmpty());
}

TEST(UefiTree, ReadsOlderAndNewerFileSystems) {
  const Buffer image = joined(
      {volume(0x400, {firmware_file(a, 0x07, joined({leaf, {0xaa, 0x55}}), {0x01, 1})},
              {test::ffs1_guid, "", 0xff, 1}),
       volume(0x400, {firmware_file(a, 0x07, leaf, {0x40, 2, true})}, {test::ffs3_guid, b, 0}),
       volume(0x400, {firmware_file(a, 0x07, leaf)}, {"12345678-0000-0000-0000-000000000000"})});
  const UefiTree tree(image);
  EXPECT_THAT(problems_of(image), IsEmpty());
  EXPECT_EQ(content_of(tree, {0, 0}), leaf) << "without the tail of two bytes";
  EXPECT_EQ(content_of(tree, {1, 0, 0}), test::pattern(100, 3));
  EXPECT_EQ(to_string(tree.root().children[1]), b);
  EXPECT_TRUE(tree.root().children[1].is(*UefiGuid::parse(test::ffs3_guid)));
  EXPECT_THAT(tree.root().children[2].children, IsEmpty());
}

TEST(UefiTree, LooksForVolumesInRawFilesSectionsAndPadding) {
  const Buffer inner = volume(0x100, {firmware_file(b, 0x02, {})});
  const Buffer image =
      volume(0x1000, {firmware_file(a, 0x01, inner), firmware_file(a, 0x0b, section(0x17, inner)),
                      firmware_file(a, 0x02, section(0x19, joined({{1, 2, 3}, inner}))),
                      Buffer(64, 0xff), inner});
  const UefiTree tree(image);
  const UefiNode& outer = tree.root().children[0];
  EXPECT_EQ(to_string(outer.children[0].children[0].children[0]), b);
  EXPECT_EQ(to_string(outer.children[1].children[0].children[0].children[0]), b);
  EXPECT_EQ(to_string(outer.children[2].children[0].children[1].children[0]), b);
  EXPECT_EQ(to_string(outer.children[3].children[0].children[0]), b);
}

TEST(UefiTree, TellsWrongChecksums) {
  const Buffer good = volume(0x400, {firmware_file(a, 0x07, leaf, {0x40})});
  Buffer image = good;
  image[0x32] ^= 1;
  EXPECT_THAT(problems_of(image),
              ElementsAre("8C8CE578-8A3D-4F1C-9935-896185C32DD3: the checksum of the volume's "
                          "header is wrong"));
  image = good;
  image[0x48 + 0x10] ^= 1;
  EXPECT_THAT(problems_of(image),
              ElementsAre(std::string(a) + ": the checksum of the file's header is wrong"));
  image = good;
  image[0x48 + 24 + 10] ^= 1;
  EXPECT_THAT(problems_of(image),
              ElementsAre(std::string(a) + ": the checksum of the file's data is wrong"));
  image =
      volume(0x400, {firmware_file(a, 0x07,
                                   test::guid_section("FC1BCDB0-7D31-49AA-936A-A4600D9DD083", leaf,
                                                      1, test::little(std::uint32_t{1})))});
  EXPECT_THAT(problems_of(image), ElementsAre("FC1BCDB0-7D31-49AA-936A-A4600D9DD083: the CRC32 of "
                                              "the section is wrong"));
  image[0x32] ^= 1;
  image[0x38] ^= 1;
  EXPECT_THAT(paths_of(image), IsEmpty()) << "checksum and block map are both wrong";
}

TEST(UefiTree, DamageEndsWhatEnclosesIt) {
  Buffer image =
      joined({volume(0x400, {firmware_file(a, 0x07, leaf), firmware_file(b, 0x07, leaf)}),
              volume(0x400, {firmware_file(b, 0x07, leaf)})});
  image[0x48 + 0x16] = 0xff;  // the size of the first file
  EXPECT_THAT(problems_of(image),
              ElementsAre("8C8CE578-8A3D-4F1C-9935-896185C32DD3: a file of 0xff0080 bytes, where "
                          "0x3b8 are left"));
  const UefiTree tree(image);
  EXPECT_EQ(tree.root().children[0].children[0].kind, UefiNode::Kind::padding);
  EXPECT_EQ(content_of(tree, {1, 0, 0}), test::pattern(100, 3));
}

TEST(UefiTree, StaysWithinItsLimits) {
  Buffer image = volume(0x200, {firmware_file(a, 0x02, leaf)});
  for (int i = 0; i < 5; ++i)
    image = volume(image.size() + 0x100, {firmware_file(a, 0x0b, section(0x17, image))});
  EXPECT_EQ(paths_of(image).size(), 18U);
  UefiLimits limits;
  limits.depth = 4;
  EXPECT_THAT(problems_of(image, limits),
              ElementsAre(std::string(a) + ": lies 4 levels deep and is not read"));
  limits = {};
  limits.nodes = 7;
  EXPECT_EQ(paths_of(image, limits).size(), 7U);

  const Buffer zeros(100000, 0);
  const std::string lzma = "EE4E5898-3914-4259-9D6E-DC7BD79403CF";
  const Buffer bomb = test::guid_section(lzma, test::lzma_compressed(section(0x19, zeros)));
  image = volume(0x1000, {firmware_file(a, 0x07, joined({bomb, bomb, bomb}, 4))});
  limits = {};
  limits.all_contents = 250000;
  EXPECT_THAT(problems_of(image, limits),
              ElementsAre(lzma + ": expands to 100 004 bytes, where 49 992 bytes are allowed"));
  limits = {};
  limits.one_content = 1 << 16;
  EXPECT_EQ(problems_of(image, limits).size(), 3U);
}

}  // namespace
}  // namespace romwright::images
