// SPDX-License-Identifier: GPL-2.0-or-later
// internal over the real libpci and /dev/mem of a machine whose chipset is known, and whose SPI
// controller is no more than memory.
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/scenarios/qemu/guest.h"

namespace romwright::test {
namespace {

using namespace std::chrono_literals;

bool has(const GuestResult& result, std::string_view text) {
  return result.out.find(text) != std::string::npos;
}

/// An emulated processor is some ten times slower than the machine it stands for, on which a look
/// takes less than 0.3 s.
constexpr double longest_look = 3;

/// What busybox's `time` told: "real\t0m 0.15s".
double real_seconds(const GuestResult& result) {
  const auto at = result.out.find("real\t");
  unsigned minutes = 0;
  double seconds = 0;
  if (at == std::string::npos ||
      std::sscanf(result.out.c_str() + at, "real %um %lfs", &minutes, &seconds) != 2)
    return 1e9;
  return 60.0 * minutes + seconds;
}

TEST(Qemu, InternalOnAQ35) {
  const auto kernel = find_kernel();
  if (!kernel || !find_program("qemu-system-x86_64") || !find_program("busybox") ||
      !find_program("cpio"))
    GTEST_SKIP() << "a kernel, qemu-system-x86_64, busybox or cpio is not installed";
  Guest guest(*kernel);
  guest.arguments({"-smbios", "type=1,manufacturer=GOOGLE,product=Link"});
  guest.command("warm", "romwright --version");
  guest.command("doctor", "time romwright doctor");
  guest.command("json", "romwright doctor -p internal --json");
  guest.command("probe", "time romwright probe -p internal");
  guest.command("mtd", "romwright probe -p linux_mtd:dev=0");
  guest.command("image", "dd if=/dev/zero of=image bs=1024 count=2048 2>/dev/null");
  guest.command("write", "romwright write image -p internal --yes");
  guest.command("user",
                "mkdir -p /etc; echo user:x:1000:1000::/:/bin/sh >/etc/passwd; "
                "su user -c 'romwright probe -p internal'");
  guest.command("locked",
                "mount -t securityfs none /sys/kernel/security && "
                "echo integrity >/sys/kernel/security/lockdown; romwright probe -p internal");
  guest.command("doctor_locked", "romwright doctor");
  guest.boot(240s);
  const std::string chipset = "Intel ICH9 (ICH9, 8086:2918) at 00:1f.0";

  const GuestResult doctor = guest.result("doctor");
  ASSERT_EQ(doctor.status, 6) << guest.console();
  EXPECT_TRUE(has(doctor, "ok       root: running as root\n")) << doctor.out;
  EXPECT_TRUE(has(doctor, "chipset: " + chipset)) << doctor.out;
  EXPECT_TRUE(has(doctor, "ok       boots_from: the machine boots from SPI\n")) << doctor.out;
  EXPECT_TRUE(has(doctor, "problem  device: ")) << doctor.out;
  EXPECT_TRUE(has(doctor, chipset + ": no SPI controller answers")) << doctor.out;
  EXPECT_TRUE(has(doctor, "warning  chromebook: a Chromebook (DMI: GOOGLE Link)\n")) << doctor.out;
  EXPECT_TRUE(has(doctor, "unknown  write_protect_signal: ")) << doctor.out;
  for (const char* name : {"doctor", "probe"}) {
    const double seconds = real_seconds(guest.result(name));
    RecordProperty(name, std::to_string(seconds));
    EXPECT_LT(seconds, longest_look) << guest.result(name).out;
  }
  const GuestResult json = guest.result("json");
  EXPECT_EQ(json.status, 6) << json.out;
  EXPECT_TRUE(has(json, "\"name\":\"boots_from\"") || has(json, "\"name\": \"boots_from\""))
      << json.out;
  for (const char* name : {"probe", "write"}) {
    const GuestResult result = guest.result(name);
    EXPECT_EQ(result.status, 5) << name << ": " << result.out;
    EXPECT_TRUE(has(result, "no SPI controller answers")) << name << ": " << result.out;
    EXPECT_EQ(has(result, "a Chromebook (DMI: GOOGLE Link), its write-protect signal not told"),
              name == std::string_view("write"))
        << result.out;
  }
  EXPECT_EQ(guest.result("mtd").status, 5) << guest.result("mtd").out;
  const GuestResult user = guest.result("user");
  EXPECT_EQ(user.status, 5) << user.out;
  EXPECT_TRUE(has(user, "run it as root")) << user.out;
  const GuestResult locked = guest.result("locked");
  EXPECT_EQ(locked.status, 5) << locked.out;
  EXPECT_TRUE(has(locked, "the kernel is locked down")) << locked.out;
  const GuestResult doctor_locked = guest.result("doctor_locked");
  EXPECT_TRUE(has(doctor_locked, "problem  lockdown: integrity")) << doctor_locked.out;
  EXPECT_TRUE(has(doctor_locked, "chipset: " + chipset)) << doctor_locked.out;
}

TEST(Qemu, MachinesAreTheBoardsOrNot) {
  const auto kernel = find_kernel();
  if (!kernel || !find_program("qemu-system-x86_64") || !find_program("busybox") ||
      !find_program("cpio"))
    GTEST_SKIP() << "a kernel, qemu-system-x86_64, busybox or cpio is not installed";
  Guest guest(*kernel);
  guest.arguments({"-smbios", "type=1,manufacturer=LENOVO,product=170605U,version=ThinkPad X60s"});
  const fs::path layouts = fs::path(ROMWRIGHT_SOURCE_DIR) / "layouts";
  for (const char* board : {"lenovo/x60.yaml", "lenovo/x200_8mb.yaml"})
    guest.file(std::string("root/") + board, layouts / board);
  guest.command("image", "dd if=/dev/zero of=image bs=1024 count=2048 2>/dev/null");
  guest.command("match", "romwright write image --board lenovo/x60.yaml -p internal --yes");
  guest.command("mismatch", "romwright write image --board lenovo/x200_8mb.yaml -p internal --yes");
  guest.command("forced",
                "romwright write image --board lenovo/x200_8mb.yaml --yes "
                "-p internal:laptop=force_I_want_a_brick,boardmismatch=force");
  guest.command("doctor", "romwright doctor --board lenovo/x200_8mb.yaml");
  guest.boot(240s);
  const std::string running = "this machine is LENOVO 170605U (ThinkPad X60s)";
  const GuestResult match = guest.result("match");
  EXPECT_EQ(match.status, 5) << match.out << guest.console();
  EXPECT_TRUE(has(match, "this machine: LENOVO 170605U (ThinkPad X60s)")) << match.out;
  EXPECT_TRUE(has(match, "the upper 64 KiB are protected")) << match.out;  // the board's notes
  const GuestResult mismatch = guest.result("mismatch");
  EXPECT_EQ(mismatch.status, 6) << mismatch.out;
  EXPECT_TRUE(has(mismatch, running + ", and x200_8mb is for LENOVO * ThinkPad X200"))
      << mismatch.out;
  const GuestResult forced = guest.result("forced");
  EXPECT_EQ(forced.status, 5) << forced.out;
  EXPECT_TRUE(has(forced, running)) << forced.out;
  EXPECT_TRUE(has(guest.result("doctor"), "problem  board: " + running))
      << guest.result("doctor").out;
}

/// The watchdog's driver holds a register in the page of the controller's.
TEST(Qemu, WhoHoldsTheRegistersIsTold) {
  const auto kernel = find_kernel();
  if (!kernel || !find_program("qemu-system-x86_64") || !find_program("busybox") ||
      !find_program("cpio"))
    GTEST_SKIP() << "a kernel, qemu-system-x86_64, busybox or cpio is not installed";
  Guest guest(*kernel);
  for (const char* module :
       {"drivers/mfd/lpc_ich.ko", "drivers/mfd/intel_pmc_bxt.ko", "drivers/watchdog/watchdog.ko",
        "drivers/watchdog/iTCO_vendor_support.ko", "drivers/watchdog/iTCO_wdt.ko"}) {
    if (!guest.has_module(module)) GTEST_SKIP() << "the kernel has no " << module;
    guest.module(module);
  }
  guest.command("doctor", "romwright doctor");
  guest.command("probe", "romwright probe -p internal");
  guest.command("unbind",
                "romwright doctor | sed -n 's/^ *\\(echo [^,]*unbind\\),.*/\\1/p' >remedy; "
                "cat remedy; sh remedy; romwright probe -p internal");
  guest.boot(240s);
  const GuestResult doctor = guest.result("doctor");
  EXPECT_EQ(doctor.status, 6) << doctor.out << guest.console();
  EXPECT_TRUE(has(doctor, "warning  io_strict: iTCO_wdt (iTCO_wdt.1.auto) claims")) << doctor.out;
  const std::string held = "/dev/mem: 0xfed1c000 cannot be mapped: Operation not permitted";
  EXPECT_TRUE(has(doctor, "problem  registers: " + held)) << doctor.out;
  const GuestResult probe = guest.result("probe");
  EXPECT_EQ(probe.status, 5) << probe.out;
  EXPECT_TRUE(has(probe, held + " (IO_STRICT_DEVMEM closes what a driver holds, here "
                                "iTCO_wdt.1.auto: unload or unbind it"))
      << probe.out;
  // The remedy is true.
  EXPECT_TRUE(has(guest.result("unbind"), "no SPI controller answers"))
      << guest.result("unbind").out;
}

TEST(Qemu, LockdownFromTheCommandLine) {
  const auto kernel = find_kernel();
  if (!kernel || !find_program("qemu-system-x86_64") || !find_program("busybox") ||
      !find_program("cpio"))
    GTEST_SKIP() << "a kernel, qemu-system-x86_64, busybox or cpio is not installed";
  Guest guest(*kernel);
  guest.kernel_arguments("lockdown=confidentiality iomem=relaxed");
  guest.command("doctor", "romwright doctor");
  guest.boot(240s);
  const GuestResult doctor = guest.result("doctor");
  EXPECT_EQ(doctor.status, 6) << doctor.out << guest.console();
  EXPECT_TRUE(has(doctor, "problem  lockdown: confidentiality, by the command line: "))
      << doctor.out;
  EXPECT_TRUE(has(doctor,
                  "boot without lockdown= on the command line; iomem=relaxed does not lift "
                  "it"))
      << doctor.out;
  EXPECT_TRUE(has(doctor, "chipset: Intel ICH9 (ICH9, 8086:2918)")) << doctor.out;
}

}  // namespace
}  // namespace romwright::test
