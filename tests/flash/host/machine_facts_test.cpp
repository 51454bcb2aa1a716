// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <zlib.h>

#include <gtest/gtest.h>

#include "flash/host/dmi.h"
#include "flash/host/kernel_facts.h"
#include "flash/host/physical_memory.h"
#include "flash/host/power.h"
#include "tests/support/machine_root.h"

namespace romwright::flash {
namespace {

using Strings = std::vector<std::string>;

TEST(MachineFacts, NothingIsKnownInAnEmptyRoot) {
  const romwright::test::MachineRoot root;
  const SystemFiles files = root.files(1000);
  EXPECT_TRUE(read_dmi(files).empty());
  EXPECT_FALSE(read_dmi(files).laptop());
  EXPECT_FALSE(read_power(files).mains);
  const KernelFacts facts = read_kernel_facts(files);
  EXPECT_FALSE(facts.root || facts.memory_there || facts.memory_readable || facts.memory_relaxed);
  EXPECT_FALSE(facts.strict_memory || facts.strict_registers || facts.lockdown);
  EXPECT_FALSE(facts.secure_boot);
  EXPECT_TRUE(facts.claims.empty() && facts.mtd.empty());
  EXPECT_TRUE(files.free_bytes("/home/nobody/.local").has_value());
}

TEST(MachineFacts, DmiTellsTheMachineAndItsChassis) {
  romwright::test::MachineRoot root;
  root.dmi("LENOVO\n", "2325AP1\n", "ThinkPad X230 \n");
  Dmi dmi = read_dmi(root.files());
  EXPECT_EQ(dmi.vendor, "LENOVO");
  EXPECT_EQ(dmi.version, "ThinkPad X230");
  EXPECT_EQ(dmi.laptop(), true);
  root.put("/sys/class/dmi/id/chassis_type", "3\n");
  EXPECT_EQ(read_dmi(root.files()).laptop(), false);
  root.put("/sys/class/dmi/id/chassis_type", "2\n");
  EXPECT_FALSE(read_dmi(root.files()).laptop());
}

TEST(MachineFacts, PowerIgnoresTheMouse) {
  romwright::test::MachineRoot root;
  root.put("/sys/class/power_supply/hid/type", "Battery\n");
  root.put("/sys/class/power_supply/hid/scope", "Device\n");
  root.put("/sys/class/power_supply/hid/capacity", "100\n");
  EXPECT_FALSE(read_power(root.files()).percent);
  root.put("/sys/class/power_supply/AC/type", "Mains\n");
  root.put("/sys/class/power_supply/AC/online", "0\n");
  root.put("/sys/class/power_supply/BAT0/type", "Battery\n");
  root.put("/sys/class/power_supply/BAT0/capacity", "37\n");
  const Power power = read_power(root.files());
  EXPECT_EQ(power.mains, false);
  EXPECT_EQ(power.percent, 37U);
}

TEST(MachineFacts, BatteryTellsOfASupplyThatNobodyElseDoes) {
  romwright::test::MachineRoot root;
  root.put("/sys/class/power_supply/BAT0/type", "Battery\n");
  root.put("/sys/class/power_supply/BAT0/status", "Not charging\n");
  EXPECT_FALSE(read_power(root.files()).mains);
  root.put("/sys/class/power_supply/BAT0/status", "Discharging\n");
  EXPECT_EQ(read_power(root.files()).mains, false);
  root.put("/sys/class/power_supply/BAT0/status", "Charging\n");
  EXPECT_EQ(read_power(root.files()).mains, true);
  root.put("/sys/class/power_supply/AC/type", "Mains\n");
  root.put("/sys/class/power_supply/AC/online", "0\n");
  EXPECT_EQ(read_power(root.files()).mains, false);
}

TEST(MachineFacts, KernelIsReadFromBothPlacesOfItsConfiguration) {
  romwright::test::MachineRoot root;
  root.put("/boot/config-6.1.0-test",
           "CONFIG_STRICT_DEVMEM=y\n# CONFIG_IO_STRICT_DEVMEM is not set\n");
  KernelFacts facts = read_kernel_facts(root.files());
  EXPECT_EQ(facts.strict_memory, true);
  EXPECT_EQ(facts.strict_registers, false);
  const romwright::test::TemporaryFolder folder;
  gzFile file = gzopen((folder / "config.gz").c_str(), "wb");
  gzputs(file, "CONFIG_IO_STRICT_DEVMEM=y\n");
  gzclose(file);
  root.put("/proc/config.gz", romwright::test::read_file(folder / "config.gz"));
  facts = read_kernel_facts(root.files());
  EXPECT_EQ(facts.strict_memory, false);
  EXPECT_EQ(facts.strict_registers, true);
}

TEST(MachineFacts, LockdownModulesAndMtd) {
  romwright::test::MachineRoot root;
  root.put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  root.put("/proc/cmdline", "root=/dev/sda1 iomem=relaxed quiet\n");
  root.put("/dev/mem", "x");
  root.put("/sys/bus/pci/drivers/intel-spi/bind", "");
  root.put("/sys/bus/pci/drivers/intel-spi/0000:00:1f.5/vendor", "0x8086");
  root.put("/sys/bus/platform/drivers/iTCO_wdt/unbind", "");
  root.put("/sys/bus/platform/drivers/iTCO_wdt/iTCO_wdt.1.auto/uevent", "");
  root.put("/sys/bus/platform/drivers/intel-spi/uevent", "");
  root.put("/sys/class/mtd/mtd0/name", "BIOS\n");
  root.put("/sys/class/mtd/mtd0/type", "nor\n");
  root.put("/sys/class/mtd/mtd0/flags", "0x800\n");
  root.put("/sys/class/mtd/mtd0ro/name", "BIOS\n");
  root.put("/sys/class/mtd/mtd1/name", "test\n");
  root.put("/sys/class/mtd/mtd1/type", "ram\n");
  root.put("/sys/class/mtd/mtd1/flags", "0x1c00\n");
  root.put("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
           Buffer{6, 0, 0, 0, 1});
  const KernelFacts facts = read_kernel_facts(root.files());
  EXPECT_EQ(facts.lockdown, "integrity");
  EXPECT_EQ(facts.secure_boot, true);
  EXPECT_TRUE(facts.root && facts.memory_there && facts.memory_readable && facts.memory_relaxed);
  EXPECT_EQ(facts.claims,
            (std::vector<RegisterClaim>{{"intel-spi", "pci", "0000:00:1f.5"},
                                        {"iTCO_wdt", "platform", "iTCO_wdt.1.auto"}}));
  EXPECT_EQ(facts.mtd, (std::vector<MtdDevice>{{"mtd0", "BIOS", "nor", false},
                                               {"mtd1", "test", "ram", true}}));
}

TEST(MachineFacts, CommandLine) {
  romwright::test::MachineRoot root;
  root.put("/proc/cmdline", "lockdown=integrity iomem=strict iomem=foo,relaxed\n");
  KernelFacts facts = read_kernel_facts(root.files());
  EXPECT_TRUE(facts.memory_relaxed);
  EXPECT_EQ(facts.lockdown_asked, "integrity");
  root.put("/proc/cmdline", "noiomem=relaxed nolockdown=integrity iomem=relaxed iomem=strict\n");
  facts = read_kernel_facts(root.files());
  EXPECT_FALSE(facts.memory_relaxed);
  EXPECT_EQ(facts.lockdown_asked, "");
}

TEST(KernelFacts, MemoryIsClosedByLockdownToo) {
  KernelFacts facts;
  EXPECT_TRUE(memory_closed(facts));
  facts.memory_readable = true;
  EXPECT_FALSE(memory_closed(facts));
  facts.lockdown = "none";
  EXPECT_FALSE(memory_closed(facts));
  facts.lockdown = "integrity";
  EXPECT_TRUE(memory_closed(facts));
}

constexpr const char* iomem =
    "000f0000-000fffff : Reserved\n"
    "  000f0000-000fffff : System ROM\n"
    "c0000000-febfffff : PCI Bus 0000:00\n"
    "  fe010000-fe010fff : 0000:00:1f.5\n"
    "    fe010000-fe010fff : 0000:00:1f.5 0000:00:1f.5\n"
    "fed1c000-fed1ffff : Reserved\n"
    "  fed1f410-fed1f414 : iTCO_wdt.1.auto\n"
    "    fed1f410-fed1f414 : iTCO_wdt.1.auto iTCO_wdt.1.auto\n"
    "  fed1f800-fed1f9ff : intel-spi\n"
    "fffc0000-ffffffff : Reserved\n";

TEST(Holders, AreTheInnermostOfTheRange) {
  EXPECT_EQ(holders(iomem, {0xfed1c000, 0x4000}), (Strings{"iTCO_wdt.1.auto", "intel-spi"}));
  EXPECT_EQ(holders(iomem, {0xfed1c000, 0x1000}), Strings{});
  EXPECT_EQ(holders(iomem, {0xfe010000, 0x1000}), Strings{"0000:00:1f.5"});
  EXPECT_EQ(holders(iomem, {0xfffff000, 0x1000}), Strings{});
  EXPECT_EQ(holders("00000000-00000000 : iTCO_wdt\n", {0, 0x1000}), Strings{});
  EXPECT_EQ(holders("nonsense\n1-2\nx-y : z\n5-2 : a\n0-ffffffffffffffff : b\n", {0, 0x1000}),
            Strings{});
}

TEST(MemoryRefusal, TellsWhatHelps) {
  KernelFacts kernel;
  EXPECT_EQ(memory_refusal(EPERM, kernel), "run it as root");
  EXPECT_EQ(memory_refusal(EACCES, kernel, Strings{}), "run it as root");
  EXPECT_EQ(memory_refusal(ENOENT, kernel),
            "this kernel does not have it: use one that has, or -p linux_mtd");
  kernel.root = true;
  EXPECT_EQ(memory_refusal(EPERM, kernel),
            "the kernel is locked down (Secure Boot, lockdown=), or a container or a security "
            "policy closes it; iomem=relaxed does not lift that");
  EXPECT_EQ(memory_refusal(EPERM, kernel, Strings{}),
            "IO_STRICT_DEVMEM closes what a driver holds (spi_intel, iTCO_wdt): unload or unbind "
            "it, or boot once with iomem=relaxed");
  EXPECT_EQ(memory_refusal(EPERM, kernel, Strings{"iTCO_wdt.1.auto", "intel-spi"}),
            "IO_STRICT_DEVMEM closes what a driver holds, here iTCO_wdt.1.auto, intel-spi: unload "
            "or unbind it, or boot once with iomem=relaxed");
  kernel.lockdown = "integrity";
  EXPECT_EQ(memory_refusal(EPERM, kernel),
            "the kernel is locked down: switch Secure Boot off in the firmware's set-up, or boot "
            "without lockdown= (iomem=relaxed does not lift it)");
}

}  // namespace
}  // namespace romwright::flash
