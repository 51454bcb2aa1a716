// SPDX-License-Identifier: GPL-2.0-or-later
// romwright protect: the chip's own write protection.
#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

flash::WriteProtect& protection_of(pipeline::Device& device) {
  if (flash::WriteProtect* found = device.flash().write_protect(); found != nullptr) return *found;
  throw RefusedError("the protection cannot be set through this programmer",
                     device.chips().size() > 1 ? "name one chip with -p" : "");
}

Json to_json(Range range) { return {{"offset", range.offset}, {"size", range.size}}; }

void report(flash::WriteProtect& protection, pipeline::Device& device, Session& session) {
  const flash::WriteProtectStatus status = protection.status();
  session.terminal.print(fmt::format("protected: {}{}",
                                     status.range.empty() ? "nothing" : to_string(status.range),
                                     device.simulated() ? " SIMULATED" : ""));
  session.terminal.print(fmt::format("setting:   {}", status.setting));
  session.terminal.print(fmt::format("mode:      {}", status.mode));
  session.terminal.print_json({{"chip", device.chips().front().name},
                               {"range", to_json(status.range)},
                               {"setting", status.setting},
                               {"mode", status.mode},
                               {"simulated", device.simulated()}});
}

void show(const DeviceOptions& options, Session& session) {
  pipeline::Device device = options.open(session);
  report(protection_of(device), device, session);
  device.close();
}

void list(const DeviceOptions& options, Session& session) {
  pipeline::Device device = options.open(session);
  Json all = Json::array();
  for (const Range& range : protection_of(device).ranges()) {
    session.terminal.print(range.empty() ? "nothing" : to_string(range));
    all.push_back(to_json(range));
  }
  session.terminal.print_json({{"chip", device.chips().front().name}, {"ranges", all}});
  device.close();
}

struct Options : DeviceOptions {
  std::string range;
};

void enable(const Options& options, Session& session) {
  pipeline::Device device = options.open(session);
  flash::WriteProtect& protection = protection_of(device);
  protection.protect(options.range.empty() ? Range{0, device.size()}
                                           : pipeline::parse_range(options.range));
  protection.lock(true);
  report(protection, device, session);
  device.close();
}

void disable(const DeviceOptions& options, Session& session) {
  pipeline::Device device = options.open(session);
  flash::WriteProtect& protection = protection_of(device);
  protection.lock(false);
  protection.protect({});
  report(protection, device, session);
  device.close();
}

void declare(Arguments& command, Session& session) {
  auto options = std::make_shared<Options>();
  options->declare(command);
  const auto add = [&](const char* name, const char* help, auto work) {
    Arguments below = command.subcommand(name, help);
    below.work([options, &session, work] { work(*options, session); });
    return below;
  };
  add("status", "what is protected, and whether that is locked", show);
  add("ranges", "the ranges that the chip can protect", list);
  add("disable", "protects nothing, and unlocks the setting", disable);
  add("enable", "protects a range, and locks the setting", enable)
      .optional("RANGE", options->range, "OFFSET+SIZE, or START:END; without, the whole chip");
}

}  // namespace

extern const CommandEntry command_protect{
    "protect", "the chip's own write protection: status, ranges, enable, disable", declare};

}  // namespace romwright::cli
