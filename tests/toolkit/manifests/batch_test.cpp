// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

BatchPlan plan_of(const std::string& text, const std::string& file = "fleet/plan.yaml") {
  return parse_batch(parse_yaml(file, text));
}

std::vector<std::string> problems(const std::string& text) {
  return lines_of([&] { plan_of(text, "p.yaml"); });
}

std::string with_build(const std::string& build, const std::string& more = {}) {
  return "batch: p\noutput: out\n" + more + "builds:\n- board: b\n  releases: r.tar.xz\n" + build;
}

TEST(BatchPlan, HoldsEverythingThatAPlanSays) {
  const BatchPlan plan = plan_of(
      "batch: fleet\n"
      "output: ../images\n"
      "format: tarballs\n"
      "seed: spring 2026\n"
      "manifests: mine\n"
      "vendor_directories: [vendor, /srv/vendor]\n"
      "builds:\n"
      "  - board: x230_12mb\n"
      "    releases: [releases/*_x230_12mb.tar.xz, /srv/one]\n"
      "    roms: [\"seabios_*\", grub_a.rom]\n"
      "    mac: [keep, \"00:1F:16:xx:X?:56\", 00:1f:16:12:34:56]\n"
      "    copies: 10\n"
      "    suffix: splash\n"
      "    files:\n"
      "      - {file: splash.jpg, cbfs: bootsplash.jpg}\n"
      "      - {file: /p.elf, cbfs: img/p, type: simple elf, compression: lzma, replace: true}\n"
      "      - {file: a, cbfs: a, type: 0x50, address: 0xfffa0000}\n"
      "      - {file: b, cbfs: b, type: mrc, offset: -0x1000}\n"
      "      - {file: c, cbfs: c, compression: lz4, alignment: 4KiB}\n"
      "  - {board: boards/mine.yaml, releases: one.rom}\n");
  EXPECT_EQ(plan.name, "fleet");
  EXPECT_EQ(plan.output, "images");
  EXPECT_EQ(plan.format, BatchFormat::tarballs);
  EXPECT_EQ(plan.seed, "spring 2026");
  EXPECT_THAT(plan.manifests, ElementsAre("fleet/mine"));
  EXPECT_THAT(plan.vendor_directories, ElementsAre("fleet/vendor", "/srv/vendor"));
  EXPECT_EQ(plan.file, "fleet/plan.yaml");
  ASSERT_EQ(plan.builds.size(), 2U);
  const BatchBuild& first = plan.builds[0];
  EXPECT_EQ(first.board, "x230_12mb");
  EXPECT_THAT(first.releases, ElementsAre("fleet/releases/*_x230_12mb.tar.xz", "/srv/one"));
  EXPECT_THAT(first.roms, ElementsAre("seabios_*", "grub_a.rom"));
  ASSERT_EQ(first.macs.size(), 3U);
  EXPECT_EQ(first.macs[0].policy, "keep");
  EXPECT_FALSE(first.macs[0].random);
  EXPECT_EQ(first.macs[1].policy, "00:1F:16:xx:X?:56");
  EXPECT_TRUE(first.macs[1].random);
  EXPECT_EQ(first.macs[1].mark.line, 11);
  EXPECT_EQ(first.macs[1].mark.column, 17);
  EXPECT_FALSE(first.macs[2].random);
  EXPECT_EQ(first.copies, 10U);
  EXPECT_EQ(first.suffix, "splash");
  ASSERT_EQ(first.files.size(), 5U);
  EXPECT_EQ(first.files[0].file, "fleet/splash.jpg");
  EXPECT_EQ(first.files[0].cbfs, "bootsplash.jpg");
  EXPECT_EQ(first.files[0].type, "raw");
  EXPECT_EQ(first.files[0].compression, "none");
  EXPECT_FALSE(first.files[0].replace);
  EXPECT_EQ(first.files[1].file, "/p.elf");
  EXPECT_EQ(first.files[1].type, "simple elf");
  EXPECT_EQ(first.files[1].compression, "lzma");
  EXPECT_TRUE(first.files[1].replace);
  EXPECT_EQ(first.files[2].type, "80");
  EXPECT_EQ(first.files[2].address, 0xfffa0000U);
  EXPECT_EQ(first.files[3].offset, -0x1000);
  EXPECT_EQ(first.files[4].alignment, 4096U);
  const BatchBuild& second = plan.builds[1];
  EXPECT_EQ(second.board, "fleet/boards/mine.yaml");
  EXPECT_THAT(second.roms, IsEmpty());
  ASSERT_EQ(second.macs.size(), 1U);
  EXPECT_EQ(second.macs[0].policy, "keep");
  EXPECT_EQ(second.copies, 1U);
}

TEST(BatchPlan, ABoardsFileBesideThePlanIsNoName) {
  EXPECT_EQ(plan_of("batch: p\noutput: o\nbuilds: [{board: b.yaml, releases: r}]\n", "p.yaml")
                .builds[0]
                .board,
            "./b.yaml");
}

TEST(BatchPlan, EveryProblemIsToldWithItsPlace) {
  EXPECT_THAT(problems("batch: p\noutputs: out\nbuilds: []\n"),
              ElementsAre("p.yaml:1:1: key 'output' is missing (the folder of images and results; "
                          "from the plan's folder)\n  batch: p\n  ^",
                          "p.yaml:2:1: unknown key 'outputs' (did you mean 'output'?)\n"
                          "  outputs: out\n  ^",
                          "p.yaml:3:9: builds is an empty list\n  builds: []\n          ^"));
}

TEST(BatchPlan, RandomMacsNeedASeed) {
  EXPECT_THAT(problems(with_build("  mac: [keep, random]\n")),
              ElementsAre("p.yaml:6:15: mac: 'random' has random digits, and the plan has no seed "
                          "(write seed: and any text; the same seed gives the same MACs)\n"
                          "    mac: [keep, random]\n                ^"));
  EXPECT_THAT(problems(with_build("  mac: [keep, random]\n", "seed: s\n")), IsEmpty());
}

TEST(BatchPlan, MacsAreKeepRandomOrPatterns) {
  EXPECT_THAT(
      problems(with_build("  mac: chip\n")),
      ElementsAre("p.yaml:6:8: builds.mac: 'chip' is no MAC policy (write keep, random, or a MAC "
                  "such as 00:1f:16:xx:xx:xx, where x is random)\n    mac: chip\n         ^"));
  EXPECT_THAT(problems(with_build("  mac: 00:1f:16:12:34:5\n")).size(), 1U);
  EXPECT_THAT(problems(with_build("  mac: [00:1f:16:12:34:56, 00:1f:16:12:34:56]\n")),
              ElementsAre("p.yaml:6:28: mac: '00:1f:16:12:34:56' is there twice\n"
                          "    mac: [00:1f:16:12:34:56, 00:1f:16:12:34:56]\n"
                          "                             ^"));
}

TEST(BatchPlan, CopiesNeedARandomMac) {
  EXPECT_THAT(problems(with_build("  copies: 2\n")),
              ElementsAre("p.yaml:6:11: copies: no mac has random digits: they would be the same "
                          "(write mac: random, or a pattern such as 00:1f:16:xx:xx:xx)\n"
                          "    copies: 2\n            ^"));
}

TEST(BatchPlan, FilesHaveOnePlaceEach) {
  EXPECT_THAT(problems(with_build("  files:\n"
                                  "  - {file: a, cbfs: x, alignment: 3}\n"
                                  "  - {file: b, cbfs: x}\n")),
              ElementsAre("p.yaml:7:35: files.alignment: 3 is no power of two\n"
                          "    - {file: a, cbfs: x, alignment: 3}\n"
                          "                                    ^",
                          "p.yaml:8:21: files: 'x' is added twice\n"
                          "    - {file: b, cbfs: x}\n                      ^"));
  EXPECT_EQ(
      problems(with_build("  files:\n  - {file: a, cbfs: x, offset: 1, address: 0xfffa0000}\n"))
          .size(),
      1U);
}

}  // namespace
}  // namespace romwright::manifests
