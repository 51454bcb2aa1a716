// SPDX-License-Identifier: GPL-2.0-or-later
// What a Chromebook's firmware tells the kernel: its identity, and its write-protect signal.
#pragma once

#include <optional>
#include <string>

#include "flash/host/system_files.h"

namespace romwright::flash {

/// Sources: Linux, Documentation/firmware-guide/acpi/chromeos-acpi-device.rst (x86, sysfs) and
/// Documentation/devicetree/bindings/chromeos-firmware.txt (ARM). Texts are empty where nothing is
/// told.
struct ChromeOs {
  bool acpi = false;           ///< the ACPI device is there
  bool device_tree = false;    ///< the device tree has firmware/chromeos
  std::string hardware_id;     ///< "PARROT TEST 3325"
  std::string firmware;        ///< "Google_Parrot.2685.37.0"
  std::string compatible;      ///< of the device tree, where Google made it: "google,kevin"
  std::optional<bool> pin_on;  ///< the signal at boot; nothing where it is not told

  /// True where one of them tells that Google's firmware runs.
  [[nodiscard]] bool found() const { return acpi || device_tree || !compatible.empty(); }
};

[[nodiscard]] ChromeOs read_chromeos(const SystemFiles& files);

}  // namespace romwright::flash
