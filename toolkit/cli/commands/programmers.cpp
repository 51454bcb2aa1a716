// SPDX-License-Identifier: GPL-2.0-or-later
// romwright programmers: the programmers that this build drives, with their parameters.
#include <set>

#include <fmt/format.h>

#include "flash/bus/undriven.h"
#include "flash/programmers/table.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

void list(Session& session) {
  Json all = Json::array();
  for (const flash::ProgrammerEntry* entry : flash::programmers()) {
    Json parameters = Json::array();
    session.terminal.print(fmt::format("{:<12} {}", entry->name, entry->title));
    for (const flash::ParameterHelp& parameter : entry->parameters) {
      session.terminal.print(
          fmt::format("    {}={}  {}", parameter.name, parameter.values, parameter.help));
      parameters.push_back(
          {{"name", parameter.name}, {"values", parameter.values}, {"help", parameter.help}});
    }
    Json devices = Json::array();
    for (const flash::UsbDeviceId& device : entry->usb_devices) {
      const std::string id = fmt::format("{:04x}:{:04x}", device.vendor, device.product);
      session.terminal.print(fmt::format("    usb {}  {}", id, device.name));
      devices.push_back({{"id", id}, {"name", device.name}});
    }
    all.push_back({{"name", entry->name},
                   {"title", entry->title},
                   {"parameters", parameters},
                   {"usb_devices", devices}});
  }
  Json others = Json::array();
  session.terminal.print("known, but not driven by romwright:");
  for (const flash::UndrivenProgrammer& other : flash::undriven_programmers) {
    session.terminal.print(fmt::format("{:<15} {}", other.name, other.title));
    others.push_back({{"name", other.name}, {"title", other.title}});
  }
  session.terminal.print_json({{"programmers", all}, {"not_driven", others}});
}

/// Whoever sits at the machine may use the devices; no other user, and no root needed.
void print_rules(Session& session) {
  session.terminal.print(
      "# Lets whoever is logged in at the machine use the USB programmers that romwright drives.");
  std::set<std::string> lines;
  for (const flash::ProgrammerEntry* entry : flash::programmers())
    for (const flash::UsbDeviceId& device : entry->usb_devices)
      lines.insert(fmt::format(R"(SUBSYSTEM=="usb", ATTR{{idVendor}}=="{:04x}", )"
                               R"(ATTR{{idProduct}}=="{:04x}", MODE="0660", TAG+="uaccess")",
                               device.vendor, device.product));
  for (const std::string& line : lines) session.terminal.print(line);
}

struct Options {
  bool udev = false;
  bool names = false;
  void declare(Arguments& command) {
    command.flag("--udev", udev, "prints udev rules for the USB devices");
    command.flag("--names", names, "only the names, one a line");
    command.exclusive({"--udev", "--names"});
  }
};

void show(const Options& options, Session& session) {
  if (options.udev) return print_rules(session);
  if (!options.names) return list(session);
  for (const flash::ProgrammerEntry* entry : flash::programmers())
    session.terminal.print(entry->name);
}

void declare(Arguments& command, Session& session) { on_command(command, session, show); }

}  // namespace

extern const CommandEntry command_programmers{
    "programmers", "lists the programmers and their parameters", declare};

}  // namespace romwright::cli
