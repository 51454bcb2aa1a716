// SPDX-License-Identifier: GPL-2.0-or-later
// romwright chips: the chips that are known.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "flash/chips/table.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string name;
  bool names = false;
  void declare(Arguments& command) {
    command.flag("--names", names, "only the names of single parts, one a line");
    command.optional("NAME", name, "only chips whose vendor or name holds this text");
  }
};

bool holds(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// A row of the table may stand for several parts: "W25Q64BV/W25Q64CV".
void print_parts(std::string_view name, Session& session) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    session.terminal.print(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
}

void list(const Options& options, Session& session) {
  Json all = Json::array();
  for (const flash::Chip* chip : flash::all_chips()) {
    if (!options.name.empty() && !holds(chip->name, options.name) &&
        !holds(chip->vendor, options.name) && !flash::names_part(chip->name, options.name))
      continue;
    const std::string id = fmt::format("{:x}{:04x}", chip->manufacturer, chip->model);
    if (options.names) {
      print_parts(chip->name, session);
      continue;
    }
    session.terminal.print(fmt::format("{:<20} {:<44} {:<10} {:>8}  {:.2f}-{:.2f} V", chip->vendor,
                                       chip->name, id, human_size(chip->size),
                                       chip->millivolts[0] / 1000.0, chip->millivolts[1] / 1000.0));
    all.push_back({{"vendor", chip->vendor},
                   {"name", chip->name},
                   {"id", id},
                   {"size", chip->size},
                   {"page_size", chip->page_size},
                   {"millivolts", chip->millivolts}});
  }
  if (options.names) return;
  if (all.empty()) session.terminal.note("no such chip is in the table; SFDP may describe it");
  session.terminal.print_json({{"chips", all}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, list); }

}  // namespace

extern const CommandEntry command_chips{"chips", "lists the chips that are known", declare};

}  // namespace romwright::cli
