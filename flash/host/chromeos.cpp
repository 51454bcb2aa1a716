// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/chromeos.h"

#include <charconv>

namespace romwright::flash {

namespace {

/// CHSW: firmware write protection was disabled when the firmware booted.
constexpr unsigned switch_unprotected = 0x200;

/// The ACPI device's folder: that of ChromeOS's own driver, or of Linux's since 5.19.
std::optional<std::string> acpi_folder(const SystemFiles& files) {
  const std::string devices = "/sys/devices/platform/";
  if (files.exists(devices + "chromeos_acpi")) return devices + "chromeos_acpi/";
  const std::string bus = "/sys/bus/platform/devices/";
  for (const std::string& name : files.names(bus))
    if (name.starts_with("GGL0001:") || name.starts_with("GOOG0016:")) return bus + name + "/";
  return std::nullopt;
}

/// The first of the NUL-separated names in `compatible` that is Google's.
std::string googles(const std::string& compatible) {
  for (std::size_t at = 0; at < compatible.size();) {
    const std::string name = compatible.substr(at, compatible.find('\0', at) - at);
    if (name.starts_with("google,")) return name;
    at += name.size() + 1;
  }
  return {};
}

}  // namespace

ChromeOs read_chromeos(const SystemFiles& files) {
  ChromeOs told;
  const auto text = [&](const std::string& path) { return files.text(path).value_or(""); };
  if (const auto folder = acpi_folder(files)) {
    told.acpi = true;
    told.hardware_id = text(*folder + "HWID");
    told.firmware = text(*folder + "FWID");
    const std::string switches = text(*folder + "CHSW");
    unsigned value = 0;
    const char* const end = switches.data() + switches.size();
    const auto [stop, error] = std::from_chars(switches.data(), end, value);
    if (error == std::errc{} && stop == end) told.pin_on = (value & switch_unprotected) == 0;
  }
  const std::string tree = "/proc/device-tree/";
  told.compatible = googles(text(tree + "compatible"));
  const std::string chromeos = tree + "firmware/chromeos";
  if (files.exists(chromeos)) {
    told.device_tree = true;
    if (told.hardware_id.empty()) told.hardware_id = text(chromeos + "/hardware-id");
    if (told.firmware.empty()) told.firmware = text(chromeos + "/firmware-version");
  }
  return told;
}

}  // namespace romwright::flash
