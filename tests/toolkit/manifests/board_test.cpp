// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Board board_of(const std::string& text) { return parse_board(parse_yaml("b.yaml", text)); }

std::vector<std::string> problems(const std::string& text) {
  return lines_of([&] { board_of(text); });
}

/// A board with what every board needs, and `more`.
std::string with(const std::string& more) {
  return "board: b\ntitle: B\nimage: {size: 12MiB, descriptor: {expect: {me: 0x3000+0x18000}}}\n" +
         more;
}

TEST(Board, HoldsEverythingThatAManifestSays) {
  const Board board = board_of(R"(board: x230_12mb
title: Lenovo ThinkPad X230 (12 MiB)
aliases: [x230t_12mb]
machine:
  dmi:      [{vendor: LENOVO, version: "ThinkPad X230*"}]
  coreboot: [{vendor: LENOVO, part: "ThinkPad X230"}]
coreboot: {tree: default, mainboard: lenovo/x230, variant: x230}
image:
  size: 12MiB
  descriptor: {platform: sandybridge, expect: {me: 0x3000+0x18000, gbe: 0x1000+0x2000, bios: 0x1b000+0xbe5000}}
chips:
  - {name: bottom, size: 8MiB}
  - {name: top, size: 4MiB}
cbfs: {size: 0xbe0000, options: {power_on_after_fail: 0}}
insert:
  - {file: me-ivybridge, region: me}
  - {file: mrc-haswell, cbfs: mrc.bin, type: mrc, address: 0xfffa0000}
  - {file: ec1-hp2570p, cbfs: ecfw1.bin, type: raw, offset: -0x200000}
  - {file: vga-e6400, cbfs: "pci10de,06eb.rom", type: optionrom}
  - {file: fsp-kabylake, result: fspm.bin, cbfs: fspm.bin, type: fsp, xip: true}
  - {file: refcode-broadwell, cbfs: fallback/refcode, type: 0x11}
separate_chip: {name: thunderbolt, size: 1MiB, file: tb}
gbe: {default_mac: 00:f5:f0:40:71:fe}
internal:
  options: {laptop: this_is_not_a_laptop}
  from_vendor_firmware: never
notes:
  - before: internal
    text: >
      Boot with iomem=relaxed,
      or use linux_mtd.
  - text: Second.
)");
  EXPECT_EQ(board.name, "x230_12mb");
  EXPECT_EQ(board.title, "Lenovo ThinkPad X230 (12 MiB)");
  EXPECT_THAT(board.aliases, ElementsAre("x230t_12mb"));
  ASSERT_EQ(board.machine.dmi.size(), 1U);
  EXPECT_EQ(board.machine.dmi[0].vendor, "LENOVO");
  EXPECT_EQ(board.machine.dmi[0].product, "");
  EXPECT_EQ(board.machine.dmi[0].version, "ThinkPad X230*");
  ASSERT_EQ(board.machine.coreboot.size(), 1U);
  EXPECT_EQ(board.machine.coreboot[0].part, "ThinkPad X230");
  EXPECT_EQ(board.coreboot.mainboard, "lenovo/x230");
  EXPECT_EQ(board.image.size, 12U << 20);
  EXPECT_FALSE(board.image.part_of_chip);
  ASSERT_TRUE(board.image.descriptor);
  EXPECT_EQ(board.image.descriptor->platform, "sandybridge");
  EXPECT_EQ(board.image.descriptor->expect.size(), 3U);
  EXPECT_EQ(board.image.descriptor->expect.at("bios"), (Range{0x1b000, 0xbe5000}));
  ASSERT_EQ(board.chips.size(), 2U);
  EXPECT_EQ(board.chips[0].name, "bottom");
  EXPECT_EQ(board.chips[1].size, 4U << 20);
  EXPECT_EQ(board.cbfs.size, 0xbe0000U);
  EXPECT_EQ(board.cbfs.options.at("power_on_after_fail"), 0U);
  ASSERT_EQ(board.insert.size(), 6U);
  EXPECT_EQ(board.insert[0].file.file, "me-ivybridge");
  EXPECT_EQ(board.insert[0].file.mark.line, 16);
  EXPECT_EQ(board.insert[0].file.mark.column, 12);
  EXPECT_EQ(std::get<RegionTarget>(board.insert[0].target).region, "me");
  const auto& mrc = std::get<CbfsTarget>(board.insert[1].target);
  EXPECT_EQ(mrc.name, "mrc.bin");
  EXPECT_EQ(mrc.type, "mrc");
  EXPECT_EQ(mrc.address, 0xfffa0000U);
  EXPECT_FALSE(mrc.offset);
  EXPECT_FALSE(mrc.xip);
  EXPECT_EQ(std::get<CbfsTarget>(board.insert[2].target).offset, -0x200000);
  EXPECT_EQ(std::get<CbfsTarget>(board.insert[3].target).name, "pci10de,06eb.rom");
  EXPECT_EQ(board.insert[4].file.result, "fspm.bin");
  EXPECT_TRUE(std::get<CbfsTarget>(board.insert[4].target).xip);
  EXPECT_EQ(std::get<CbfsTarget>(board.insert[5].target).type, "17");
  ASSERT_EQ(board.separate_chips.size(), 1U);
  EXPECT_EQ(board.separate_chips[0].name, "thunderbolt");
  EXPECT_EQ(board.separate_chips[0].size, 1U << 20);
  EXPECT_EQ(board.separate_chips[0].file.file, "tb");
  EXPECT_EQ(board.default_mac, "00:f5:f0:40:71:fe");
  EXPECT_EQ(board.internal.options.at("laptop"), "this_is_not_a_laptop");
  EXPECT_EQ(board.internal.from_vendor_firmware, FromVendorFirmware::never);
  ASSERT_EQ(board.notes.size(), 2U);
  EXPECT_EQ(board.notes[0].before, NoteTime::internal);
  EXPECT_EQ(board.notes[0].text, "Boot with iomem=relaxed, or use linux_mtd.");
  EXPECT_EQ(board.notes[1].before, NoteTime::always);
  EXPECT_EQ(board.file, "b.yaml");
}

TEST(Board, NeedsLittle) {
  const Board board = board_of("board: b\ntitle: B\nimage: {size: 64KiB}\n");
  EXPECT_EQ(board.image.size, 65536U);
  EXPECT_FALSE(board.image.descriptor);
  EXPECT_THAT(board.insert, IsEmpty());
  EXPECT_EQ(board.internal.from_vendor_firmware, FromVendorFirmware::unknown);
}

TEST(Board, ReportsEverySchemaProblemAtOnce) {
  EXPECT_THAT(
      problems("board: b\n"
               "alaises: [c]\n"
               "image:\n"
               "  size: 12MB\n"
               "  descriptor: {platform: sandybrige, expect: {me: 0x3000}}\n"
               "chips: {name: top}\n"
               "internal: {from_vendor_firmware: sometimes}\n"),
      ElementsAre("b.yaml:1:1: key 'title' is missing (maker, model, and size of the flash)\n"
                  "  board: b\n"
                  "  ^",
                  "b.yaml:2:1: unknown key 'alaises' (did you mean 'aliases'?)\n"
                  "  alaises: [c]\n"
                  "  ^",
                  "b.yaml:4:9: image.size: '12MB' is no size (write 12MiB, 64KiB, 0x1000 or a "
                  "number of bytes)\n"
                  "    size: 12MB\n"
                  "          ^",
                  "b.yaml:5:26: image.descriptor.platform: 'sandybrige' is not known here (did you "
                  "mean 'sandybridge'?)\n"
                  "    descriptor: {platform: sandybrige, expect: {me: 0x3000}}\n"
                  "                           ^",
                  "b.yaml:5:51: image.descriptor.expect.me: '0x3000' is no range (write "
                  "OFFSET+SIZE, such as 0x3000+0x18000)\n"
                  "    descriptor: {platform: sandybrige, expect: {me: 0x3000}}\n"
                  "                                                    ^",
                  "b.yaml:6:8: chips is keys (write a list of at least one)\n"
                  "  chips: {name: top}\n"
                  "         ^",
                  "b.yaml:7:34: internal.from_vendor_firmware: 'sometimes' is not known here "
                  "(known: never, always, with_notes)\n"
                  "  internal: {from_vendor_firmware: sometimes}\n"
                  "                                   ^"));
}

TEST(Board, TheManifestIsAMap) {
  EXPECT_THAT(problems(""),
              ElementsAre("b.yaml: the manifest is empty (write keys with their values)"));
  EXPECT_THAT(problems("- a\n"),
              ElementsAre("b.yaml:1:1: the manifest is a list (write keys with their values)\n"
                          "  - a\n"
                          "  ^"));
}

TEST(Board, SizesMayBeQuotedAsJsonWritesThem) {
  EXPECT_THAT(problems("{\"board\": \"b\", \"title\": \"B\", \"image\": {\"size\": \"12MiB\"}}\n"),
              IsEmpty());
  EXPECT_THAT(
      problems("board: b\ntitle: B\nimage: {size: 1MiB, part_of_chip: 'true'}\n"),
      ElementsAre("b.yaml:3:35: image.part_of_chip: 'true' is neither true nor false (write "
                  "it without quotes)\n"
                  "  image: {size: 1MiB, part_of_chip: 'true'}\n"
                  "                                    ^"));
}

TEST(Board, SizesHaveBounds) {
  EXPECT_THAT(problems("board: b\ntitle: B\nimage: {size: 0}\n"),
              ElementsAre(testing::HasSubstr("'0' is not within 0x1 and 0x10000000")));
  EXPECT_THAT(problems("board: b\ntitle: B\nimage: {size: 16GiB}\n"),
              ElementsAre(testing::HasSubstr("'16GiB' is not within 0x1 and 0x10000000")));
}

TEST(Board, AnInsertionHasOneTarget) {
  EXPECT_THAT(
      problems(with("insert:\n"
                    "  - {file: a}\n"
                    "  - {file: b, region: me, cbfs: b, type: raw}\n"
                    "  - {file: c, cbfs: c}\n"
                    "  - {file: d, region: gbe, xip: true}\n"
                    "  - {file: e, cbfs: e, type: rwa, address: 0x1000, offset: 1}\n")),
      ElementsAre(
          testing::HasSubstr("b.yaml:5:5: insert needs one of 'region', 'cbfs'\n"),
          testing::HasSubstr("b.yaml:6:27: 'insert.cbfs' and 'region' exclude each other\n"),
          testing::HasSubstr("b.yaml:7:15: 'insert.cbfs' needs 'type' beside it\n"),
          testing::HasSubstr("b.yaml:8:28: 'insert.xip' needs 'cbfs' beside it\n"),
          testing::HasSubstr(
              "b.yaml:9:30: insert.type: 'rwa' is not known here (did you mean 'raw'?)\n"),
          testing::HasSubstr(
              "b.yaml:9:44: insert.address: '0x1000' is not within 0x80000000 and 0xffffffff"),
          testing::HasSubstr("b.yaml:9:52: 'insert.offset' and 'address' exclude each other\n")));
}

TEST(Board, ChipsAreAsLargeAsTheImage) {
  EXPECT_THAT(problems(with("chips: [{name: a, size: 8MiB}, {name: a, size: 8MiB}]\n")),
              ElementsAre("b.yaml:4:39: chips: 'a' is there twice\n"
                          "  chips: [{name: a, size: 8MiB}, {name: a, size: 8MiB}]\n"
                          "                                        ^",
                          "b.yaml:4:8: chips: together 16 MiB, the image has 12 MiB "
                          "(image.part_of_chip: true where that is meant)\n"
                          "  chips: [{name: a, size: 8MiB}, {name: a, size: 8MiB}]\n"
                          "         ^"));
  EXPECT_THAT(problems("board: b\ntitle: B\nimage: {size: 6MiB, part_of_chip: true}\n"
                       "chips: [{name: a, size: 8MiB}]\n"),
              IsEmpty());
  EXPECT_THAT(problems("board: b\ntitle: B\nimage: {size: 6MiB, part_of_chip: true}\n"
                       "chips: [{name: a, size: 6MiB}]\n"),
              ElementsAre(testing::HasSubstr("together 6 MiB, the image has 6 MiB")));
}

TEST(Board, RegionsLieInTheImageSideBySide) {
  EXPECT_THAT(
      problems("board: b\ntitle: B\nimage:\n  size: 1MiB\n  descriptor:\n    expect:\n"
               "      bios: 0x1000+0x100000\n      gbe: 0x2000+0x2000\n      me: 0x0+0\n"),
      ElementsAre(
          testing::HasSubstr("region bios: 0x1000+0x100000 lies outside the image's 1 MiB"),
          testing::HasSubstr("region gbe: 0x2000+0x2000 overlaps region bios: 0x1000+0x100000"),
          testing::HasSubstr("region me: it is empty (leave out what is not there)")));
  // What lies wholly beyond a partial image is on the chip, and allowed.
  EXPECT_THAT(problems("board: b\ntitle: B\nimage: {size: 1MiB, part_of_chip: true, descriptor: "
                       "{expect: {pd: 0x100000+0x100000}}}\n"),
              IsEmpty());
}

TEST(Board, InsertionsFitTheImage) {
  EXPECT_THAT(
      problems(with("insert:\n"
                    "  - {file: a, region: gbe}\n"
                    "  - {file: b, cbfs: b, type: raw, address: 0xff000000}\n"
                    "  - {file: c, cbfs: b, type: raw, offset: -12MiB}\n")),
      ElementsAre(testing::HasSubstr("insert: region gbe is not in image.descriptor.expect"),
                  testing::HasSubstr(
                      "insert: address 0xff000000 lies below the image (it begins at 0xff400000)"),
                  testing::HasSubstr("insert: something goes into CBFS b already"),
                  testing::HasSubstr("insert: offset -12MiB lies outside the image's 12 MiB")));
  EXPECT_THAT(
      problems("board: b\ntitle: B\nimage: {size: 1MiB}\ninsert: [{file: a, region: me}]\n"),
      IsEmpty());
}

TEST(Board, AliasesAreOtherNames) {
  EXPECT_THAT(problems(with("aliases: [c, b, c]\n")),
              ElementsAre(testing::HasSubstr("b.yaml:4:14: aliases: 'b' is a name of it already"),
                          testing::HasSubstr("b.yaml:4:17: aliases: 'c' is a name of it already")));
}

TEST(Board, NamesCannotLeaveTheirFolder) {
  for (const char* name : {"../x", "a/b", ".hidden", "''", "a b", "\"a\\0b\""})
    EXPECT_EQ(problems(with(std::string("insert: [{region: me, file: ") + name + "}]\n")).size(),
              1U)
        << name;
}

TEST(Board, ListsABoundedNumberOfProblems) {
  std::string text = with("");
  for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(problems(text).size(), most_problems);
  std::string aliases = with("aliases: [c");
  for (int i = 0; i < 100000; ++i) aliases += ", c";
  EXPECT_EQ(problems(aliases + "]\n").size(), most_problems);
}

}  // namespace
}  // namespace romwright::manifests
