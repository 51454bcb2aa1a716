// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/chromebook.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flash/programmers/table.h"
#include "tests/support/machine_root.h"
#include "tests/support/recorded_events.h"
#include "toolkit/pipeline/device.h"
#include "toolkit/pipeline/doctor.h"

namespace romwright::pipeline {
namespace {

using Areas = std::vector<images::FmapArea>;
const Areas chromeos_areas = {{"SI_BIOS", {0x200000, 0x600000}, 0},
                              {"VBLOCK_A", {0x200000, 0x10000}, 0},
                              {"WP_RO", {0x400000, 0x400000}, 0},
                              {"RO_SECTION", {0x5f0000, 0x210000}, 0},
                              {"GBB", {0x5f1000, 0x6f000}, 0}};

Buffer map_of(const Areas& areas, std::uint32_t size = 0x800000) {
  Buffer map(images::fmap_header_size + 42 * areas.size());
  std::ranges::copy(std::string_view("__FMAP__"), map.begin());
  map[8] = map[9] = 1;
  store_le<std::uint32_t>(map, 18, size);
  std::ranges::copy(std::string_view("FMAP"), map.begin() + 22);
  store_le<std::uint16_t>(map, 54, static_cast<std::uint16_t>(areas.size()));
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const std::size_t at = images::fmap_header_size + 42 * i;
    store_le<std::uint32_t>(map, at, static_cast<std::uint32_t>(areas[i].range.offset));
    store_le<std::uint32_t>(map, at + 4, static_cast<std::uint32_t>(areas[i].range.size));
    std::ranges::copy(areas[i].name, map.begin() + static_cast<std::ptrdiff_t>(at + 8));
  }
  return map;
}

MachineIdentity link() {
  MachineIdentity machine;
  machine.dmi.vendor = "GOOGLE";
  machine.dmi.product = "Link";
  return machine;
}

TEST(Chromebook, EverySourceRecognisesIt) {
  using Signs = std::vector<std::string>;
  MachineIdentity machine;
  EXPECT_EQ(chromebook_signs(machine), Signs{});
  EXPECT_EQ(chromebook_signs(link()), Signs{"DMI: GOOGLE Link"});
  machine.dmi.vendor = "Google";
  machine.dmi.product = "Google Compute Engine";
  EXPECT_EQ(chromebook_signs(machine), Signs{});
  machine = {};
  machine.dmi.vendor = "Acer";
  machine.dmi.firmware_version = "Google_Parrot.2685.37.0";
  EXPECT_EQ(chromebook_signs(machine), Signs{"DMI: firmware Google_Parrot.2685.37.0"});
  machine = {};
  machine.coreboot.emplace();
  machine.coreboot->vendor = "LENOVO";
  EXPECT_EQ(chromebook_signs(machine), Signs{});
  machine.coreboot->vendor = "Google";
  machine.coreboot->part = "Eve";
  EXPECT_EQ(chromebook_signs(machine), Signs{"coreboot: Google Eve"});
  machine.chromeos.acpi = true;
  machine.chromeos.hardware_id = "EVE D4B";
  EXPECT_EQ(chromebook_signs(machine), (Signs{"coreboot: Google Eve", "chromeos_acpi: EVE D4B"}));
  machine = {};
  machine.chromeos.compatible = "google,kevin";
  EXPECT_EQ(chromebook_signs(machine), Signs{"device tree: google,kevin"});
}

TEST(Chromebook, FindingsTellTheSignalAndWhoSaysSo) {
  EXPECT_TRUE(chromebook_findings({}).empty());
  MachineIdentity machine = link();
  Findings findings = chromebook_findings(machine);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0],
            (Finding{"chromebook", FindingStatus::warning, "a Chromebook (DMI: GOOGLE Link)",
                     "a screw, the battery or a debug cable keeps its firmware's read-only part "
                     "write-protected: see docs/chromebooks.md"}));
  EXPECT_EQ(findings[1],
            (Finding{"write_protect_signal", FindingStatus::unknown,
                     "the firmware does not tell whether the write-protect signal is on",
                     "in ChromeOS, 'crossystem wpsw_cur' prints 1 where it is; see "
                     "docs/chromebooks.md"}));
  machine.coreboot.emplace();
  machine.coreboot->write_protect = true;
  findings = chromebook_findings(machine);
  EXPECT_EQ(findings[1].status, FindingStatus::warning);
  EXPECT_EQ(findings[1].what,
            "on when the machine booted, says the coreboot table: what the chip's status registers "
            "protect stays so");
  machine.chromeos.acpi = true;
  machine.chromeos.pin_on = false;
  findings = chromebook_findings(machine);
  EXPECT_EQ(findings[1].status, FindingStatus::ok);
  EXPECT_EQ(findings[1].what, "off when the machine booted, says chromeos_acpi");
  EXPECT_TRUE(may_write(findings));
}

TEST(Chromebook, WarnedOfBeforeAnInternalWriteOnly) {
  test::MachineRoot root;
  root.dmi("GOOGLE", "Link", "1.0");
  root.put("/sys/devices/platform/chromeos_acpi/CHSW", "0\n");
  root.put("/sys/devices/platform/chromeos_acpi/HWID", "LINK X\n");
  manifests::Board board;
  board.name = "link";
  board.machine.dmi = {{"GOOGLE", "Link", "", ""}};
  test::RecordedEvents events;
  require_machine(board, {"ch341a_spi"}, root.files(), events);
  EXPECT_TRUE(events.warnings().empty());
  require_machine(board, {"internal"}, root.files(), events);
  EXPECT_EQ(events.warnings(),
            (std::vector<std::string>{"a Chromebook (DMI: GOOGLE Link; chromeos_acpi: LINK X), its "
                                      "write-protect signal on when it booted: see "
                                      "docs/chromebooks.md"}));
  require_machine_of({}, {}, {"internal"}, root.files(), events);
  EXPECT_EQ(events.warnings().size(), 2U);
}

TEST(VerifiedBoot, AreasTellIt) {
  const auto read = [](const Areas& areas) {
    return verified_boot(*images::parse_fmap(map_of(areas), 0x5f0000, 0x800000));
  };
  const auto found = read(chromeos_areas);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->areas, (std::vector<std::string>{"GBB", "VBLOCK_A", "RO_SECTION", "WP_RO"}));
  EXPECT_EQ(found->read_only, (Range{0x400000, 0x400000}));
  EXPECT_EQ(found->map.offset, 0x5f0000U);
  EXPECT_EQ(read({{"GBB", {0, 16}, 0}, {"RO_SECTION", {0, 4096}, 0}})->read_only, (Range{0, 4096}));
  EXPECT_FALSE(read({{"GBB", {0, 16}, 0}}));
  EXPECT_FALSE(read({{"COREBOOT", {0, 16}, 0}, {"VBLOCK_A", {0, 16}, 0}}));
}

/// A simulated chip with that content.
class OnChip {
 public:
  explicit OnChip(const Buffer& content, const std::string& more = {}) {
    test::write_file(folder_ / "chip.rom", content);
    device_.emplace(Device::open(
        {{"sim:chip=W25Q64FV,image=" + (folder_ / "chip.rom").string() + more}, {}, {}, false},
        events));
  }
  flash::Flash& flash() { return device_->flash(); }
  Device& device() { return *device_; }

  test::RecordedEvents events;
  Run run{{}, events};

 private:
  test::TemporaryFolder folder_;
  std::optional<Device> device_;
};

Buffer chip_with(const Areas& areas, std::size_t at) {
  Buffer content(0x800000, 0xff);
  std::ranges::copy(map_of(areas), content.begin() + static_cast<std::ptrdiff_t>(at));
  return content;
}

TEST(VerifiedBoot, FoundInTheChipWithoutReadingItAll) {
  for (const std::size_t at : {0UL, 0x5f0000UL, 0x7ff000UL}) {
    OnChip chip(chip_with(chromeos_areas, at));
    const auto found = find_verified_boot(chip.flash(), std::nullopt, chip.run);
    ASSERT_TRUE(found) << at;
    EXPECT_EQ(found->map.offset, at);
    EXPECT_LT(chip.flash().statistics().read_bytes, 20000U);
  }
  OnChip plain(chip_with({{"COREBOOT", {0, 0x800000}, 0}}, 0x5f0000));
  EXPECT_FALSE(find_verified_boot(plain.flash(), std::nullopt, plain.run));
  OnChip blank(Buffer(0x800000, 0xff));
  EXPECT_FALSE(find_verified_boot(blank.flash(), 0x900000, blank.run));
}

TEST(VerifiedBoot, CorebootsHintIsTakenFirst) {
  OnChip chip(chip_with(chromeos_areas, 0x5f0123));
  EXPECT_FALSE(find_verified_boot(chip.flash(), std::nullopt, chip.run));
  const std::uint64_t before = chip.flash().statistics().read_bytes;
  ASSERT_TRUE(find_verified_boot(chip.flash(), 0x5f0123, chip.run));
  EXPECT_LT(chip.flash().statistics().read_bytes - before, 500U);
}

TEST(VerifiedBoot, ChipsOwnProtectionOfTheReadOnlyPartIsShown) {
  OnChip chip(chip_with(chromeos_areas, 0x5f0000));
  const auto found = find_verified_boot(chip.flash(), std::nullopt, chip.run);
  ASSERT_TRUE(found);
  const std::string start =
      "the chip holds ChromeOS's verified boot (GBB, VBLOCK_A, RO_SECTION, WP_RO in the FMAP at "
      "0x5f0000); its read-only part 0x400000+0x400000 is ";
  EXPECT_EQ(verified_boot_finding(*found, chip.flash()),
            (Finding{"verified_boot", FindingStatus::ok,
                     start + "not protected; the registers' own protection: disabled", ""}));
  chip.flash().write_protect()->protect({0x400000, 0x400000});
  chip.flash().write_protect()->lock(true);
  const Finding locked = verified_boot_finding(*found, chip.flash());
  EXPECT_EQ(locked.status, FindingStatus::warning);
  EXPECT_EQ(locked.what.substr(0, start.size()), start);
  EXPECT_NE(locked.what.find("protected: 0x400000+0x400000 by the status register ("),
            std::string::npos)
      << locked.what;
  EXPECT_NE(locked.what.find("; the registers' own protection: hardware"), std::string::npos)
      << locked.what;
  EXPECT_EQ(locked.remedy,
            "--unprotect lifts it where the write-protect signal is off; see docs/chromebooks.md");
}

TEST(VerifiedBoot, OnlyTheMachinesOwnChipIsWarnedOf) {
  OnChip chip(chip_with(chromeos_areas, 0x5f0000));
  warn_of_verified_boot(chip.flash(), {"sim:chip=W25Q64FV"}, chip.events, chip.run);
  EXPECT_TRUE(chip.events.warnings().empty());
  warn_of_verified_boot(chip.flash(), {"internal"}, chip.events, chip.run);
  ASSERT_EQ(chip.events.warnings().size(), 1U);
  EXPECT_EQ(chip.events.warnings()[0].substr(0, 42), "the chip holds ChromeOS's verified boot (G");
}

TEST(VerifiedBoot, DoctorShowsIt) {
  OnChip kept(chip_with(chromeos_areas, 0x5f0000));
  test::TemporaryFolder folder;
  test::write_file(folder / "chip.rom", chip_with(chromeos_areas, 0x5f0000));
  const MachineIdentity machine = link();
  const std::string sim = "sim:chip=W25Q64FV,image=" + (folder / "chip.rom").string();
  const auto named = [](const Findings& findings, std::string_view name) {
    return std::ranges::count(findings, name, &Finding::name);
  };
  const DoctorRequest request{{sim}, {}, {}, 1, "/b"};
  EXPECT_EQ(named(device_findings(request, &machine, kept.run), "verified_boot"), 1);
  EXPECT_EQ(named(device_findings(request, nullptr, kept.run), "verified_boot"), 0);
}

}  // namespace
}  // namespace romwright::pipeline
