// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/chromeos.h"

#include <gtest/gtest.h>

#include "tests/support/machine_root.h"

namespace romwright::flash {
namespace {

TEST(ChromeOs, NothingIsToldElsewhere) {
  const test::MachineRoot root;
  const ChromeOs told = read_chromeos(root.files());
  EXPECT_FALSE(told.found());
  EXPECT_FALSE(told.pin_on);
}

TEST(ChromeOs, AcpiDeviceTellsThePinAtBoot) {
  for (const char* folder :
       {"/sys/devices/platform/chromeos_acpi/", "/sys/bus/platform/devices/GGL0001:00/",
        "/sys/bus/platform/devices/GOOG0016:00/"}) {
    test::MachineRoot root;
    const std::string at = folder;
    root.put(at + "HWID", "PARROT TEST 3325\n");
    root.put(at + "FWID", "Google_Parrot.2685.37.0\n");
    root.put(at + "CHSW", "32\n");
    ChromeOs told = read_chromeos(root.files());
    EXPECT_TRUE(told.found());
    EXPECT_EQ(told.hardware_id, "PARROT TEST 3325");
    EXPECT_EQ(told.firmware, "Google_Parrot.2685.37.0");
    EXPECT_EQ(told.pin_on, true) << folder;
    root.put(at + "CHSW", "544\n");
    EXPECT_EQ(read_chromeos(root.files()).pin_on, false) << folder;
    root.put(at + "CHSW", "0x200\n");
    EXPECT_FALSE(read_chromeos(root.files()).pin_on) << folder;
  }
}

TEST(ChromeOs, DeviceTreeTellsTheBoard) {
  test::MachineRoot root;
  root.put("/proc/device-tree/compatible",
           std::string_view("google,kevin-rev6\0google,kevin\0rockchip,rk3399\0", 47));
  EXPECT_EQ(read_chromeos(root.files()).compatible, "google,kevin-rev6");
  EXPECT_TRUE(read_chromeos(root.files()).found());
  root.put("/proc/device-tree/firmware/chromeos/hardware-id", std::string_view("KEVIN X\0", 8));
  EXPECT_EQ(read_chromeos(root.files()).hardware_id, "KEVIN X");
  EXPECT_FALSE(read_chromeos(root.files()).pin_on);
  test::MachineRoot other;
  other.put("/proc/device-tree/compatible", std::string_view("pine64,pinebook-pro\0", 20));
  EXPECT_FALSE(read_chromeos(other.files()).found());
}

}  // namespace
}  // namespace romwright::flash
