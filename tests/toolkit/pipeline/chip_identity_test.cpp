// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/chip_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/machine_root.h"

namespace romwright::pipeline {
namespace {

using ::testing::ElementsAre;

class Notes final : public EventSink {
 public:
  void note(std::string_view text) override { lines.emplace_back(text); }
  void warning(std::string_view text) override { lines.push_back("! " + std::string(text)); }
  std::vector<std::string> lines;
};

manifests::Board x60() {
  manifests::Board board;
  board.name = "x60";
  board.machine.dmi = {{"LENOVO", "", "ThinkPad X60", ""}};
  board.machine.coreboot = {{"LENOVO", "ThinkPad X60"}};
  return board;
}

manifests::Board with_gbe() {
  manifests::Board board;
  board.name = "x230_12mb";
  board.image.descriptor.emplace();
  board.image.descriptor->expect = {{"gbe", {0x1000, 0x2000}}, {"bios", {0x20000, 0x1000}}};
  return board;
}

ChipIdentity of(std::optional<bool> descriptor, bool gbe = false) {
  ChipIdentity chip;
  chip.descriptor = descriptor;
  if (gbe) chip.regions = {{"gbe", {0x1000, 0x2000}}};
  return chip;
}

TEST(ChipIdentity, CorebootsOwnWordDecides) {
  ChipIdentity chip = of(true);
  chip.coreboot = {"LENOVO", "ThinkPad X60"};
  EXPECT_EQ(match_chip(x60(), chip), MachineMatch::match);
  chip.coreboot = {"LENOVO", "ThinkPad T60"};
  EXPECT_EQ(match_chip(x60(), chip), MachineMatch::mismatch);
}

TEST(ChipIdentity, WithoutItTheDescriptorDoes) {
  EXPECT_EQ(match_chip(x60(), of({})), MachineMatch::unknown);
  EXPECT_EQ(match_chip(x60(), of(false)), MachineMatch::unknown);
  EXPECT_EQ(match_chip(x60(), of(true)), MachineMatch::mismatch);
  EXPECT_EQ(match_chip(with_gbe(), of(false)), MachineMatch::mismatch);
  EXPECT_EQ(match_chip(with_gbe(), of(true)), MachineMatch::mismatch);
  EXPECT_EQ(match_chip(with_gbe(), of(true, true)), MachineMatch::unknown);
}

TEST(ChipIdentity, AsText) {
  EXPECT_EQ(of({}).text(), "its descriptor is not known");
  ChipIdentity chip = of(true, true);
  chip.coreboot = {"LENOVO", "ThinkPad X60"};
  chip.mac = "00:11:22:33:44:55";
  EXPECT_EQ(chip.text(),
            "coreboot: LENOVO ThinkPad X60, with a flash descriptor, gbe 0x1000+0x2000, MAC "
            "00:11:22:33:44:55");
  EXPECT_EQ(of(false).text(), "without a flash descriptor");
}

/// A coreboot image's last bytes.
Buffer image_of(std::string_view vendor, std::string_view part) {
  Buffer image(0x10000, 0xff);
  const auto put = [&](std::string_view text, std::size_t back) {
    std::copy(text.begin(), text.end(), image.end() - static_cast<std::ptrdiff_t>(back));
    image[image.size() - back + text.size()] = 0;
  };
  put(vendor, 0x100);
  put(part, 0xc0);
  store_le<std::uint32_t>(Bytes(image), image.size() - 0x8c, 0x100);
  store_le<std::uint32_t>(Bytes(image), image.size() - 0x88, 0xc0);
  store_le<std::uint32_t>(Bytes(image), image.size() - 0x84, 0x10000);
  return image;
}

std::string refused(const Buffer& image, const std::vector<std::string>& programmers,
                    const test::MachineRoot& root, Notes& notes) {
  try {
    require_machine_of(image, {x60()}, programmers, root.files(), notes);
  } catch (const RefusedError& error) {
    return error.what();
  }
  return {};
}

TEST(ImageIdentity, AnImageTellsItsBoardAndTheManifestsItsMachines) {
  test::MachineRoot root;
  root.dmi("LENOVO", "1706ABC", "ThinkPad X60");
  Notes notes;
  EXPECT_EQ(refused(image_of("LENOVO", "ThinkPad X60"), {"internal"}, root, notes), "");
  EXPECT_THAT(notes.lines, ElementsAre("this machine: LENOVO 1706ABC (ThinkPad X60)"));
}

TEST(ImageIdentity, AnotherMachineIsRefusedWithBoth) {
  test::MachineRoot root;
  root.dmi("LENOVO", "2325AP1", "ThinkPad X230");
  Notes notes;
  const Buffer image = image_of("LENOVO", "ThinkPad X60");
  EXPECT_EQ(refused(image, {"linux_mtd:dev=0"}, root, notes),
            "this machine is LENOVO 2325AP1 (ThinkPad X230), and the image is for LENOVO ThinkPad "
            "X60");
  EXPECT_EQ(refused(image, {"ch341a_spi"}, root, notes), "");
  EXPECT_TRUE(notes.lines.empty());
  EXPECT_EQ(
      refused(image, {"internal:laptop=force_I_want_a_brick,boardmismatch=force"}, root, notes),
      "");
  EXPECT_THAT(notes.lines,
              ElementsAre("! this machine is LENOVO 2325AP1 (ThinkPad X230), and the image is for "
                          "LENOVO ThinkPad X60"));
}

TEST(ImageIdentity, WhatNoManifestKnowsIsComparedWithCoreboots) {
  test::MachineRoot root;
  root.dmi("ACME", "Board [1]", "1.0");
  root.put("/sys/class/dmi/id/bios_vendor", "coreboot");
  Notes notes;
  EXPECT_EQ(refused(image_of("ACME", "Board [1]"), {"internal"}, root, notes), "");
  EXPECT_EQ(refused(image_of("ACME", "Board 1"), {"internal"}, root, notes),
            "this machine is ACME Board [1] (1.0), and the image is for ACME Board 1");
}

TEST(ImageIdentity, OtherFirmwareIsANote) {
  test::MachineRoot root;
  Notes notes;
  EXPECT_EQ(refused(Buffer(0x10000, 0xff), {"internal"}, root, notes), "");
  EXPECT_THAT(notes.lines, ElementsAre("the image does not tell its mainboard: whether it is for "
                                       "this machine, unknown, is not known"));
}

}  // namespace
}  // namespace romwright::pipeline
