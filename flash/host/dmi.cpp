// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/dmi.h"

#include <charconv>

namespace romwright::flash {

std::optional<bool> Dmi::laptop() const {
  if (chassis < 3) return std::nullopt;
  return (chassis >= 8 && chassis <= 11) || chassis == 14 || (chassis >= 30 && chassis <= 32);
}

Dmi read_dmi(const SystemFiles& files) {
  const auto text = [&](const char* name) {
    return files.text(std::string("/sys/class/dmi/id/") + name).value_or("");
  };
  Dmi dmi;
  dmi.vendor = text("sys_vendor");
  dmi.product = text("product_name");
  dmi.version = text("product_version");
  dmi.board_vendor = text("board_vendor");
  dmi.board = text("board_name");
  dmi.firmware_vendor = text("bios_vendor");
  dmi.firmware_version = text("bios_version");
  const std::string chassis = text("chassis_type");
  std::from_chars(chassis.data(), chassis.data() + chassis.size(), dmi.chassis);
  return dmi;
}

}  // namespace romwright::flash
