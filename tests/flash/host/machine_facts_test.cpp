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
  EXPECT_TRUE(facts.modules.empty() && facts.mtd.empty());
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
  root.put("/sys/module/spi_intel_pci/refcnt", "0");
  root.put("/sys/module/lpc_ich/refcnt", "0");
  root.put("/sys/module/e1000e/refcnt", "0");
  root.put("/sys/class/mtd/mtd0/name", "BIOS\n");
  root.put("/sys/class/mtd/mtd0/type", "nor\n");
  root.put("/sys/class/mtd/mtd0ro/name", "BIOS\n");
  root.put("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
           Buffer{6, 0, 0, 0, 1});
  const KernelFacts facts = read_kernel_facts(root.files());
  EXPECT_EQ(facts.lockdown, "integrity");
  EXPECT_EQ(facts.secure_boot, true);
  EXPECT_TRUE(facts.root && facts.memory_there && facts.memory_readable && facts.memory_relaxed);
  EXPECT_EQ(facts.modules, (Strings{"lpc_ich", "spi_intel_pci"}));
  EXPECT_EQ(facts.mtd, (Strings{"mtd0 (BIOS, nor)"}));
}

TEST(KernelFacts, MtdTakesThePlaceOfClosedMemory) {
  KernelFacts facts;
  facts.mtd = {"mtd2 (ram, ram)", "mtd10 (intel-spi, nor)", "mtd11 (other, nor)"};
  EXPECT_EQ(mtd_in_place_of_memory(facts), 10U);
  facts.memory_readable = true;
  EXPECT_EQ(mtd_in_place_of_memory(facts), std::nullopt);
  facts.lockdown = "integrity";
  EXPECT_EQ(mtd_in_place_of_memory(facts), 10U);
  facts.mtd = {"mtd0 (ram, ram)"};
  EXPECT_EQ(mtd_in_place_of_memory(facts), std::nullopt);
}

TEST(MemoryRefusal, TellsWhatHelps) {
  EXPECT_EQ(memory_refusal(EACCES, ""), "run it as root");
  EXPECT_EQ(memory_refusal(ENOENT, ""),
            "this kernel has no /dev/mem: use one that has, or -p linux_mtd");
  EXPECT_EQ(memory_refusal(EPERM, "none [integrity] confidentiality"),
            "the kernel is locked down, mostly because of Secure Boot: switch that off in the "
            "firmware's setup (iomem=relaxed does not lift it)");
  EXPECT_EQ(memory_refusal(EPERM, "[none] integrity confidentiality"),
            "run it as root; where that is done, the kernel is strict (STRICT_DEVMEM): boot once "
            "with iomem=relaxed, or unload the driver that holds the registers "
            "(spi_intel_platform, lpc_ich)");
}

}  // namespace
}  // namespace romwright::flash
