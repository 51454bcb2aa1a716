// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/bus/programmer.h"
#include "flash/programmers/table.h"
#include "toolkit/pipeline/chromebook.h"
#include "toolkit/pipeline/doctor.h"

namespace romwright::pipeline {

namespace {

using enum FindingStatus;

constexpr unsigned low_battery = 50;

/// True where a USB device with one of those ids is plugged in.
bool plugged_in(const flash::SystemFiles& files, std::span<const flash::UsbDeviceId> ids) {
  const std::string folder = "/sys/bus/usb/devices/";
  for (const std::string& name : files.names(folder)) {
    const std::string vendor = files.text(folder + name + "/idVendor").value_or("");
    const std::string product = files.text(folder + name + "/idProduct").value_or("");
    for (const flash::UsbDeviceId& id : ids)
      if (vendor == fmt::format("{:04x}", id.vendor) &&
          product == fmt::format("{:04x}", id.product))
        return true;
  }
  return false;
}

bool has_device(const flash::SystemFiles& files, std::string_view start) {
  for (const std::string& name : files.names("/dev"))
    if (name.starts_with(start)) return true;
  return false;
}

bool usable(const flash::ProgrammerEntry& entry, const flash::SystemFiles& files,
            const flash::KernelFacts& kernel) {
  if (entry.name == "internal") return kernel.root && kernel.memory_readable;
  if (entry.name == "linux_mtd") return !kernel.mtd.empty();
  if (entry.name == "linux_spi") return has_device(files, "spidev");
  if (entry.name == "serprog") return has_device(files, "ttyACM") || has_device(files, "ttyUSB");
  return plugged_in(files, entry.usb_devices);
}

}  // namespace

Findings power_findings(const flash::Power& power) {
  Findings all;
  if (!power.mains)
    all.push_back({"mains", power.percent ? warning : unknown, "no power supply is told of",
                   power.percent ? "plug the power supply in" : ""});
  else if (*power.mains)
    all.push_back({"mains", ok, "plugged in", ""});
  else
    all.push_back({"mains", problem, "the power supply is not plugged in", "plug it in"});
  if (power.percent)
    all.push_back({"battery", *power.percent < low_battery ? warning : ok,
                   fmt::format("{} per cent", *power.percent),
                   *power.percent < low_battery ? "let it charge before a write" : ""});
  return all;
}

Finding disk_finding(const flash::SystemFiles& files, const std::filesystem::path& folder,
                     std::uint64_t needed) {
  const auto free = files.free_bytes(folder);
  if (!free)
    return {"disk", unknown, fmt::format("{}: its free space is not known", folder.string()), ""};
  const std::string what =
      fmt::format("{} free for backups in {}", rounded_size(*free), folder.string());
  if (*free >= needed) return {"disk", ok, what, ""};
  return {"disk", problem, fmt::format("{}; a write needs {}", what, human_size(needed)),
          "make room, or set XDG_STATE_HOME to where there is some"};
}

Findings machine_findings(const MachineIdentity& machine,
                          const std::optional<manifests::Board>& board) {
  Findings all = chromebook_findings(machine);
  const std::string what = fmt::format("this machine is {}", machine.text());
  if (!board) {
    all.push_back({"board", unknown, what, "--board BOARD compares it with a board"});
    return all;
  }
  switch (match_machine(board->machine, machine)) {
    case MachineMatch::match:
      all.push_back({"board", ok, fmt::format("{}, a {}", what, board->name), ""});
      break;
    case MachineMatch::mismatch:
      all.push_back(
          {"board", problem,
           fmt::format("{}, and {} is for {}", what, board->name, describe(board->machine)),
           "choose its board; where you know better, boardmismatch=force"});
      break;
    case MachineMatch::unknown:
      all.push_back({"board", unknown,
                     fmt::format("{}; {} is for {}", what, board->name, describe(board->machine)),
                     "compare the label on the mainboard yourself"});
  }
  if (board->internal.from_vendor_firmware == manifests::FromVendorFirmware::never &&
      !machine.runs_coreboot())
    all.push_back({"vendor_firmware", problem,
                   fmt::format("{} cannot be written from its vendor's firmware", board->name),
                   "use an external programmer for the first write"});
  return all;
}

Finding programmers_finding(const flash::SystemFiles& files, const flash::KernelFacts& kernel) {
  std::vector<std::string_view> names;
  for (const flash::ProgrammerEntry* entry : flash::programmers())
    if (usable(*entry, files, kernel)) names.push_back(entry->name);
  if (names.empty())
    return {"programmers", warning, "nothing is here that a programmer could drive",
            "plug one in, or run as root on the machine itself; see 'romwright programmers'"};
  return {"programmers", ok, fmt::format("usable here: {}", fmt::join(names, ", ")),
          "-p NAME looks at the chip too"};
}

}  // namespace romwright::pipeline
