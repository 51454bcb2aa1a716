// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/doctor.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/machine_root.h"

namespace romwright::pipeline {
namespace {

const Finding& named(const Findings& findings, std::string_view name) {
  static const Finding none{"none", FindingStatus::unknown, "", ""};
  const auto at = std::ranges::find(findings, name, &Finding::name);
  return at == findings.end() ? none : *at;
}

manifests::Board x230() {
  manifests::Board board;
  board.name = "x230_12mb";
  board.machine.dmi = {{"LENOVO", "", "ThinkPad X230", ""}};
  board.machine.coreboot = {{"LENOVO", "ThinkPad X230"}};
  board.notes = {{manifests::NoteTime::internal, "boot with iomem=relaxed"},
                 {manifests::NoteTime::external, "two chips"}};
  return board;
}

class Notes final : public EventSink {
 public:
  void note(std::string_view text) override { lines.emplace_back(text); }
  void warning(std::string_view text) override { lines.push_back("! " + std::string(text)); }
  std::vector<std::string> lines;
};

TEST(Doctor, LockdownIsNotLiftedByIomem) {
  flash::KernelFacts kernel;
  kernel.root = kernel.memory_there = kernel.memory_readable = kernel.memory_relaxed = true;
  kernel.lockdown = "integrity";
  kernel.secure_boot = true;
  const Findings findings = kernel_findings(kernel);
  EXPECT_EQ(named(findings, "lockdown"),
            (Finding{"lockdown", FindingStatus::problem,
                     "integrity: /dev/mem and I/O ports are closed, and with them a hidden SPI "
                     "function",
                     "switch Secure Boot off in the firmware's set-up; iomem=relaxed does not lift "
                     "it"}));
  EXPECT_EQ(named(findings, "io_strict").status, FindingStatus::ok);
  EXPECT_FALSE(may_write(findings));
}

TEST(Doctor, StrictMemoryLeavesRegistersOpen) {
  flash::KernelFacts kernel;
  kernel.memory_there = kernel.memory_readable = true;
  EXPECT_EQ(named(kernel_findings(kernel), "dev_mem").what, "/dev/mem opens");
  kernel.strict_memory = true;
  EXPECT_EQ(
      named(kernel_findings(kernel), "dev_mem"),
      (Finding{"dev_mem", FindingStatus::ok,
               "/dev/mem opens; STRICT_DEVMEM closes RAM to it, and leaves registers open", ""}));
  kernel.memory_relaxed = true;
  EXPECT_EQ(named(kernel_findings(kernel), "dev_mem").what, "/dev/mem opens");
}

TEST(Doctor, StrictRegistersAreAProblemOnlyWhereSomethingClaimsThem) {
  flash::KernelFacts kernel;
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict").status, FindingStatus::unknown);
  kernel.strict_registers = true;
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict").status, FindingStatus::ok);
  kernel.claims = {{"iTCO_wdt", "platform", "iTCO_wdt.1.auto"}};
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict"),
            (Finding{"io_strict", FindingStatus::problem,
                     "IO_STRICT_DEVMEM closes the registers that iTCO_wdt (iTCO_wdt.1.auto) claims",
                     "echo iTCO_wdt.1.auto >/sys/bus/platform/drivers/iTCO_wdt/unbind, or unload "
                     "its module with modprobe -r (spi_intel_platform and iTCO_wdt go when lpc_ich "
                     "is unbound, too), or boot once with iomem=relaxed"}));
  kernel.claims.push_back({"intel-spi", "pci", "0000:00:1f.5"});
  kernel.strict_registers.reset();
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict").what,
            "iTCO_wdt (iTCO_wdt.1.auto), intel-spi (0000:00:1f.5) claim registers that the kernel, "
            "whose configuration is not readable, may close");
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict").status, FindingStatus::warning);
  kernel.strict_registers = false;
  EXPECT_EQ(named(kernel_findings(kernel), "io_strict").status, FindingStatus::ok);
}

TEST(Doctor, LockdownsRemedyIsThatOfItsCause) {
  flash::KernelFacts kernel;
  kernel.root = kernel.memory_there = true;
  kernel.lockdown = "confidentiality";
  const auto remedy = [&] { return named(kernel_findings(kernel), "lockdown").remedy; };
  EXPECT_EQ(remedy(),
            "switch Secure Boot off in the firmware's set-up, if it is on; if it is off, restart "
            "the machine; iomem=relaxed does not lift it");
  kernel.secure_boot = false;
  EXPECT_EQ(remedy(),
            "restart the machine: something switched it on since (or the kernel's configuration "
            "does); iomem=relaxed does not lift it");
  kernel.lockdown_asked = "confidentiality";
  EXPECT_EQ(remedy(), "boot without lockdown= on the command line; iomem=relaxed does not lift it");
  kernel.secure_boot = true;
  EXPECT_EQ(remedy(),
            "switch Secure Boot off in the firmware's set-up, and boot without lockdown= on the "
            "command line; iomem=relaxed does not lift it");
}

TEST(Doctor, WithoutSecurityfsMemoryAndCommandLineTellOfLockdown) {
  flash::KernelFacts kernel;
  kernel.root = kernel.memory_there = kernel.memory_readable = true;
  EXPECT_EQ(named(kernel_findings(kernel), "lockdown").what, "none: /dev/mem opens");
  kernel.memory_readable = false;
  EXPECT_EQ(named(kernel_findings(kernel), "lockdown").status, FindingStatus::unknown);
  kernel.lockdown_asked = "integrity";
  EXPECT_EQ(named(kernel_findings(kernel), "lockdown").status, FindingStatus::problem);
  EXPECT_EQ(named(kernel_findings(kernel), "lockdown").what,
            "integrity, by the command line: /dev/mem and I/O ports are closed, and with them a "
            "hidden SPI function");
}

TEST(Doctor, WhatIsClosedIsNoProblemWhereLinuxWritesTheChip) {
  flash::KernelFacts kernel;
  kernel.root = kernel.memory_there = true;
  kernel.lockdown = "integrity";
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").what, "the kernel offers no MTD device");
  kernel.mtd = {{"mtd0", "test", "ram", true}};
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").what,
            "the kernel drives no flash chip: mtd0 (test, ram)");
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").status, FindingStatus::unknown);
  kernel.mtd = {{"mtd0", "BIOS", "nor", false}};
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").what, "mtd0 (BIOS, nor, read-only)");
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").status, FindingStatus::warning);
  EXPECT_FALSE(may_write(kernel_findings(kernel)));
  kernel.mtd = {{"mtd0", "BIOS", "nor", true}};
  EXPECT_EQ(named(kernel_findings(kernel), "mtd").status, FindingStatus::ok);
  EXPECT_EQ(named(kernel_findings(kernel), "lockdown").status, FindingStatus::warning);
  EXPECT_TRUE(may_write(kernel_findings(kernel)));
}

TEST(Doctor, VendorsFirmwareAndForce) {
  romwright::test::MachineRoot root;
  root.dmi("LENOVO", "2325AP1", "ThinkPad X230");
  manifests::Board board = x230();
  board.internal.from_vendor_firmware = manifests::FromVendorFirmware::with_notes;
  EXPECT_EQ(named(machine_findings(machine_identity(root.files()), board), "vendor_firmware"),
            (Finding{"vendor_firmware", FindingStatus::warning,
                     "x230_12mb is written from its vendor's firmware on conditions",
                     "boot with iomem=relaxed"}));
  board.internal.from_vendor_firmware = manifests::FromVendorFirmware::never;
  EXPECT_EQ(
      named(machine_findings(machine_identity(root.files()), board), "vendor_firmware").status,
      FindingStatus::problem);
  root.put("/sys/class/dmi/id/bios_vendor", "coreboot\n");
  EXPECT_TRUE(may_write(machine_findings(machine_identity(root.files()), board)));
  root.dmi("LENOVO", "4290AB1", "ThinkPad X220");
  EXPECT_FALSE(may_write(machine_findings(machine_identity(root.files()), board)));
  EXPECT_TRUE(may_write(machine_findings(machine_identity(root.files()), board, true)));
}

TEST(Doctor, ComparesTheChipWithTheBoard) {
  const romwright::test::MachineRoot root;
  const romwright::test::TemporaryFolder folder;
  Notes notes;
  romwright::Run run{{}, notes};
  manifests::Board board = x230();
  board.image.size = 12U << 20;
  board.chips = {{"bottom", 8U << 20}, {"top", 4U << 20}};
  const std::string sim = "sim:chip=W25Q64FV,image=" + (folder / "chip.rom").string();
  EXPECT_EQ(named(examine({{sim}, {}, board, 1, "/b"}, root.files(), run), "size"),
            (Finding{"size", FindingStatus::ok, "8 MiB, as chip bottom of x230_12mb has", ""}));
  board.chips = {{"flash", 12U << 20}};
  EXPECT_EQ(named(examine({{sim}, {}, board, 1, "/b"}, root.files(), run), "size"),
            (Finding{"size", FindingStatus::problem, "8 MiB, and x230_12mb is for flash 12 MiB",
                     "choose the board that has such a chip; 'romwright boards' lists them"}));
}

TEST(Doctor, EmptyMachineHasNoCrashAndNoLeave) {
  const romwright::test::MachineRoot root;
  Notes notes;
  romwright::Run run{{}, notes};
  const Findings findings = examine({{}, {}, x230(), 1, "/home/u/backups"}, root.files(1000), run);
  EXPECT_FALSE(may_write(findings));
  EXPECT_EQ(named(findings, "root").status, FindingStatus::problem);
  EXPECT_EQ(named(findings, "board").status, FindingStatus::unknown);
  EXPECT_EQ(named(findings, "mains").status, FindingStatus::unknown);
  EXPECT_EQ(named(findings, "programmers").status, FindingStatus::warning);
}

TEST(Doctor, FullDiskAndUnpluggedSupplyStopAWrite) {
  romwright::test::MachineRoot root;
  EXPECT_EQ(disk_finding(root.files(), "/b", UINT64_MAX).status, FindingStatus::problem);
  EXPECT_EQ(disk_finding(root.files(), "/b", 0).status, FindingStatus::ok);
  root.put("/file", "x");
  EXPECT_EQ(disk_finding(root.files(), "/file/b", 0),
            (Finding{"disk", FindingStatus::problem, "backups cannot be written to /file/b",
                     "name a folder where you may write: XDG_STATE_HOME, or 'backups' in the "
                     "configuration"}));
  const Findings findings = power_findings({false, 12U});
  EXPECT_EQ(named(findings, "mains").status, FindingStatus::problem);
  EXPECT_EQ(named(findings, "battery").status, FindingStatus::warning);
}

TEST(Doctor, SimulatedChipIsReadRepeatedly) {
  const romwright::test::MachineRoot root;
  const romwright::test::TemporaryFolder folder;
  Notes notes;
  romwright::Run run{{}, notes};
  const std::string sim = "sim:chip=W25Q64FV,image=" + (folder / "chip.rom").string();
  const Findings findings = examine({{sim}, {}, {}, 3, "/b"}, root.files(1000), run);
  EXPECT_EQ(named(findings, "repeatable").what, "3 dumps are the same");
  EXPECT_EQ(named(findings, "protection").status, FindingStatus::ok);
  EXPECT_EQ(named(findings, "root").name, "none");
  EXPECT_TRUE(may_write(findings));
  EXPECT_THROW((void)examine({{"sim:nonsense=1"}, {}, {}, 1, "/b"}, root.files(), run), UsageError);
}

TEST(Machine, MatchMismatchUnknown) {
  romwright::test::MachineRoot root;
  EXPECT_EQ(match_machine(x230().machine, machine_identity(root.files())), MachineMatch::unknown);
  root.dmi("Lenovo", "2325AP1", "ThinkPad X230");
  EXPECT_EQ(match_machine(x230().machine, machine_identity(root.files())), MachineMatch::match);
  root.dmi("LENOVO", "4290AB1", "ThinkPad X220");
  EXPECT_EQ(match_machine(x230().machine, machine_identity(root.files())), MachineMatch::mismatch);
  manifests::Machine coreboot_only;
  coreboot_only.coreboot = {{"", "ThinkPad X2*"}};
  EXPECT_EQ(match_machine(coreboot_only, machine_identity(root.files())), MachineMatch::unknown);
  root.put("/sys/class/dmi/id/bios_vendor", "coreboot");
  root.dmi("LENOVO", "ThinkPad X230", "1.0");
  EXPECT_EQ(match_machine(coreboot_only, machine_identity(root.files())), MachineMatch::match);
}

TEST(Machine, WrongBoardIsRefusedWithBothIdentities) {
  romwright::test::MachineRoot root;
  root.dmi("LENOVO", "4290AB1", "ThinkPad X220");
  Notes notes;
  try {
    require_machine(x230(), {"linux_mtd:dev=0"}, root.files(), notes);
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_STREQ(error.what(),
                 "this machine is LENOVO 4290AB1 (ThinkPad X220), and x230_12mb is for LENOVO * "
                 "ThinkPad X230, or coreboot: LENOVO ThinkPad X230");
  }
  EXPECT_EQ(notes.lines, (std::vector<std::string>{"boot with iomem=relaxed"}));
  EXPECT_NO_THROW(require_machine(x230(), {"linux_mtd:boardmismatch=force"}, root.files(), notes));
  EXPECT_EQ(notes.lines.back().substr(0, 2), "! ");
  EXPECT_NO_THROW(require_machine(x230(), {"ch341a_spi"}, root.files(), notes));
  root.dmi("LENOVO", "2325AP1", "ThinkPad X230");
  EXPECT_NO_THROW(require_machine(x230(), {"linux_mtd"}, root.files(), notes));
}

}  // namespace
}  // namespace romwright::pipeline
