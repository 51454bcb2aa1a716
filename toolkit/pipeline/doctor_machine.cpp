// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

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
  const bool chip = drives_chip(kernel);
  if (entry.name == "internal") return kernel.root && (chip || !flash::memory_closed(kernel));
  if (entry.name == "linux_mtd") return kernel.root && chip;
  if (entry.name == "linux_spi") return has_device(files, "spidev");
  if (entry.name == "serprog") return has_device(files, "ttyACM") || has_device(files, "ttyUSB");
  return plugged_in(files, entry.usb_devices);
}

/// The board's notes for an internal write, in one line.
std::string internal_notes(const manifests::Board& board) {
  std::string text;
  for (const manifests::Note& note : board.notes)
    if (note.before == manifests::NoteTime::internal) text += (text.empty() ? "" : " ") + note.text;
  return text;
}

}  // namespace

bool drives_chip(const flash::KernelFacts& kernel, bool writable) {
  return std::ranges::any_of(kernel.mtd, [&](const flash::MtdDevice& device) {
    return device.type == "nor" && (device.writable || !writable);
  });
}

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
  if (!files.writable(folder))
    return {"disk", problem, fmt::format("backups cannot be written to {}", folder.string()),
            "name a folder where you may write: XDG_STATE_HOME, or 'backups' in the configuration"};
  const auto free = files.free_bytes(folder);
  if (!free)
    return {"disk", unknown, fmt::format("{}: its free space is not known", folder.string()), ""};
  const std::string what =
      fmt::format("{} free for backups in {}", rounded_size(*free), folder.string());
  if (*free >= needed) return {"disk", ok, what, ""};
  return {"disk", problem, fmt::format("{}; a write needs {}", what, human_size(needed)),
          "make room, or name another folder: XDG_STATE_HOME, or 'backups' in the configuration"};
}

Findings machine_findings(const MachineIdentity& machine,
                          const std::optional<manifests::Board>& board, bool forced) {
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
          {"board", forced ? warning : problem,
           fmt::format("{}, and {} is for {}", what, board->name, describe(board->machine)),
           forced ? "boardmismatch=force is given: it is written all the same"
                  : "choose its board; where you know better, boardmismatch=force behind the "
                    "programmer's name"});
      break;
    case MachineMatch::unknown:
      all.push_back({"board", unknown,
                     fmt::format("{}; {} is for {}", what, board->name, describe(board->machine)),
                     "compare the label on the mainboard yourself"});
  }
  if (!machine.runs_vendor_firmware()) return all;
  if (board->internal.from_vendor_firmware == manifests::FromVendorFirmware::never)
    all.push_back({"vendor_firmware", problem,
                   fmt::format("{} cannot be written from its vendor's firmware", board->name),
                   "use an external programmer for the first write"});
  if (board->internal.from_vendor_firmware == manifests::FromVendorFirmware::with_notes)
    all.push_back(
        {"vendor_firmware", warning,
         fmt::format("{} is written from its vendor's firmware on conditions", board->name),
         internal_notes(*board)});
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
