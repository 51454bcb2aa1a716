// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/power.h"

#include <algorithm>
#include <charconv>

namespace romwright::flash {

Power read_power(const SystemFiles& files) {
  Power power;
  bool charging = false, discharging = false;
  const std::string folder = "/sys/class/power_supply/";
  for (const std::string& name : files.names(folder)) {
    const auto text = [&](const char* file) {
      return files.text(folder + name + "/" + file).value_or("");
    };
    const std::string type = text("type");
    if (text("scope") == "Device") continue;  // a mouse's, a keyboard's
    if (type == "Mains" || type.starts_with("USB")) {
      const std::string online = text("online");
      if (!online.empty()) power.mains = power.mains.value_or(false) || online != "0";
    } else if (type == "Battery") {
      const std::string capacity = text("capacity");
      unsigned percent = 0;
      const auto [end, error] =
          std::from_chars(capacity.data(), capacity.data() + capacity.size(), percent);
      if (error == std::errc{}) power.percent = std::max(power.percent.value_or(0), percent);
      charging = charging || text("status") == "Charging";
      discharging = discharging || text("status") == "Discharging";
    }
  }
  // Where no supply is known, the batteries know whether there is one.
  if (!power.mains && (charging || discharging)) power.mains = charging;
  return power;
}

}  // namespace romwright::flash
