// SPDX-License-Identifier: GPL-2.0-or-later
// romwright programmers: the programmers that this build drives, with their parameters.
#include <fmt/format.h>

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
    all.push_back({{"name", entry->name}, {"title", entry->title}, {"parameters", parameters}});
  }
  session.terminal.print_json({{"programmers", all}});
}

void declare(Arguments& command, Session& session) {
  command.work([&session] { list(session); });
}

}  // namespace

extern const CommandEntry command_programmers{
    "programmers", "lists the programmers and their parameters", declare};

}  // namespace romwright::cli
