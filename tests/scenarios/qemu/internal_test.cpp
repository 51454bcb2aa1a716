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
  EXPECT_TRUE(has(guest.result("doctor_locked"), "problem  lockdown: integrity"))
      << guest.result("doctor_locked").out;
}

}  // namespace
}  // namespace romwright::test
