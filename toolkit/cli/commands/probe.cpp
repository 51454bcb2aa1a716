// SPDX-License-Identifier: GPL-2.0-or-later
// romwright probe: which chip is there, and how large is it.
#include <fmt/format.h>

#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

void probe(const DeviceOptions& options, Session& session) {
  pipeline::Device device = options.open(session, {}, true);
  Json chips = Json::array();
  for (const pipeline::FoundChip& chip : device.chips()) {
    session.terminal.print(describe(chip) + (device.simulated() ? " SIMULATED" : ""));
    chips.push_back(to_json(chip));
  }
  Json object = {{"chip", chips.front()}, {"candidates", device.chips().front().candidates}};
  if (chips.size() > 1) object["chips"] = chips;
  object["size"] = device.size();
  object["simulated"] = device.simulated();
  device.close();
  session.terminal.print_json(object);
}

void declare(Arguments& command, Session& session) { on_command(command, session, probe); }

}  // namespace

extern const CommandEntry command_probe{"probe", "finds the chip: name, id and size", declare};

}  // namespace romwright::cli
