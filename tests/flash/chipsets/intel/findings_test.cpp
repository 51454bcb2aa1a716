// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/findings.h"

#include <gtest/gtest.h>

namespace romwright::flash::intel {
namespace {

using enum FindingStatus;

Finding of(const BiosControl::State& state) { return bios_lock_finding(state); }

TEST(IntelFindings, TheChipsetIsNamedWithWhatIsKnownOfIt) {
  const PciId known{0x1c49, GenerationId::pch6, Function::lpc, ChipsetStatus::ok, "HM65"};
  Chipset chipset{&known, {0, 0, 0x1f, 0}, {0, 0, 0x1f, 0}};
  EXPECT_EQ(chipset_finding(chipset),
            (Finding{"chipset", ok,
                     "Intel 6 series / C200 Cougar Point (and Patsburg) (HM65, 8086:1c49) at "
                     "00:1f.0: known to work",
                     ""}));
  PciId other = known;
  other.status = ChipsetStatus::untested;
  chipset.id = &other;
  EXPECT_EQ(chipset_finding(chipset).status, warning);
  EXPECT_EQ(chipset_finding(chipset).remedy,
            "read the chip twice and compare before a first write: doctor --times 2");
  other.status = ChipsetStatus::depends;
  EXPECT_EQ(chipset_finding(chipset).status, ok);
  other = {0x2640, GenerationId::ich6, Function::lpc, ChipsetStatus::ok, "ICH6"};
  EXPECT_EQ(chipset_finding(chipset),
            (Finding{"chipset", problem,
                     "Intel ICH6 (ICH6, 8086:2640) at 00:1f.0: it has no SPI controller, its flash "
                     "hangs on LPC or FWH",
                     "use an external programmer"}));
}

TEST(IntelFindings, WhatTheMachineBootsFrom) {
  const Generation& ich7 = generation(GenerationId::ich7);
  const Generation& pch6 = generation(GenerationId::pch6);
  EXPECT_EQ(boot_finding(pch6, {BootSource::spi}),
            (Finding{"boots_from", ok, "the machine boots from SPI", ""}));
  EXPECT_EQ(boot_finding(ich7, {BootSource::lpc}),
            (Finding{"boots_from", problem,
                     "the machine boots from LPC/FWH: its SPI controller is not in use and is left "
                     "alone",
                     "use an external programmer on the chip that it boots from"}));
  EXPECT_EQ(boot_finding(pch6, {BootSource::lpc}).what,
            "the machine boots from LPC/FWH: a chip behind the SPI controller is read, and never "
            "written");
  EXPECT_EQ(boot_finding(pch6, {}).status, unknown);
  EXPECT_EQ(top_swap_finding({}), (Finding{"top_swap", ok, "not set", ""}));
  EXPECT_EQ(top_swap_finding({BootSource::spi, true, true}).what,
            "set, and locked until reset: the machine boots from the block below the top one");
}

TEST(IntelFindings, TheBiosLockByItsThreeBits) {
  EXPECT_EQ(of({0x00}),
            (Finding{"bios_lock", ok, "BIOS_CNTL reads 0x00: a write may let itself through", ""}));
  EXPECT_EQ(of({0x01, true}).what, "BIOS_CNTL reads 0x01: writes are let through");
  EXPECT_EQ(of({0x02, false, true}).status, warning);
  EXPECT_EQ(of({0x02, false, true}).what,
            "BIOS_CNTL reads 0x02: BLE is set, the firmware is called when leave to write is asked "
            "for");
  EXPECT_EQ(of({0x22, false, true, true}),
            (Finding{"bios_lock", problem,
                     "BIOS_CNTL reads 0x22: SMM_BWP is set, only the firmware itself writes its "
                     "region",
                     "switch the lock off in the firmware's set-up (BIOS lock, flash protection) "
                     "where it has one, else use an external programmer"}));
  EXPECT_EQ(of({0x20, false, false, true}).status, warning);
}

TEST(IntelFindings, ARegionWithTheSourceOfWhatIsKnown) {
  Region region{2, "me", {0x3000, 0x3d000}, true, false, Source::registers};
  EXPECT_EQ(region_finding(region, false),
            (Finding{"region_me", warning, "0x3000+0x3d000: may be read, not written (FRAP)",
                     "leave it as it is, or open it by the board's service jumper (descriptor "
                     "override), or use an external programmer"}));
  EXPECT_EQ(region_finding(region, true).what,
            "0x3000+0x3d000: may be read, not written (BIOS_BM_RAP and WAP)");
  region.readable = false;
  EXPECT_EQ(region_finding(region, false).what,
            "0x3000+0x3d000: may be neither read nor written (FRAP)");
  region.writable = true;
  EXPECT_EQ(region_finding(region, false).what, "0x3000+0x3d000: may be written, not read (FRAP)");
  region = {1, "bios", {0x40000, 0x1000}, true, false, Source::registers};
  EXPECT_EQ(region_finding(region, false).status, problem);
  region.source = Source::overridden;
  region.writable = true;
  EXPECT_EQ(region_finding(region, false),
            (Finding{"region_bios", ok,
                     "0x40000+0x1000: may be read and written (the override strap is set)", ""}));
}

TEST(IntelFindings, ARegionThatNoRegisterTellsAbout) {
  Region region{8, "ec", {0x50000, 0x10000}, true, true, Source::descriptor, true};
  EXPECT_EQ(region_finding(region, false),
            (Finding{"region_ec", unknown,
                     "0x50000+0x10000: its first 64 bytes are read; no register tells of writes, "
                     "the descriptor grants them (FLMSTR, a hint)",
                     "it is written only when it is named: --ifd -i ec"}));
  region.writable = false;
  region.tested = false;
  EXPECT_EQ(region_finding(region, false).what,
            "0x50000+0x10000: whether it is read is not known; no register tells of writes, the "
            "descriptor denies them (FLMSTR, a hint)");
  region.source = Source::none;
  EXPECT_EQ(region_finding(region, false).what,
            "0x50000+0x10000: whether it is read is not known; nothing tells of writes");
  region.tested = true;
  region.readable = false;
  EXPECT_EQ(region_finding(region, false).what,
            "0x50000+0x10000: reading its first 64 bytes was refused");
}

TEST(IntelFindings, TheChipsOwnStatusRegister) {
  EXPECT_EQ(chip_status_finding(std::nullopt).status, unknown);
  EXPECT_EQ(chip_status_finding(0x00),
            (Finding{"chip_status", ok,
                     "the chip's status register reads 0x00: no block is protected by the chip "
                     "itself",
                     ""}));
  EXPECT_EQ(chip_status_finding(0x80).status, ok);
  EXPECT_EQ(chip_status_finding(0x18).what,
            "the chip's status register reads 0x18: blocks are protected by the chip itself");
  EXPECT_EQ(chip_status_finding(0x98),
            (Finding{"chip_status", warning,
                     "the chip's status register reads 0x98: blocks are protected by the chip "
                     "itself, and the setting is locked while its WP# pin is low",
                     "where the controller can be driven so, internal:bus=swseq shows which and "
                     "lifts it; on a Chromebook see docs/chromebooks.md"}));
}

TEST(IntelFindings, AProtectedRange) {
  ProtectedRange range{"GPR0", 0x98, 0, {0x82000, 0x1000}, false, true, true};
  EXPECT_EQ(protected_range_finding(range),
            (Finding{"protected_range_GPR0", problem,
                     "GPR0 forbids to write 0x82000+0x1000, locked until reset",
                     "blocks below it must stay as they are (--ifd, -i, --layout leave them out); "
                     "else use an external programmer"}));
  range.name = "PR1";
  range.locked = false;
  range.no_read = true;
  EXPECT_EQ(protected_range_finding(range),
            (Finding{"protected_range_PR1", warning, "PR1 forbids to read and write 0x82000+0x1000",
                     "--unprotect lifts it for the time of a write"}));
}

}  // namespace
}  // namespace romwright::flash::intel
