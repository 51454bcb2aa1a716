// SPDX-License-Identifier: GPL-2.0-or-later
// romwright backup: what was kept before writes.
#include "flash/device/backup.h"

#include <fmt/format.h>

#include "toolkit/cli/directories.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

void list(Session& session) {
  std::vector<std::string> problems;
  Json all = Json::array();
  for (const flash::Backup& backup :
       flash::BackupStore(backup_directory(session.configuration)).list(&problems)) {
    session.terminal.print(fmt::format(
        "{}  {}  {}{}\n    {}", backup.facts.date, backup.facts.chip, human_size(backup.size),
        backup.facts.board.empty() ? "" : "  " + backup.facts.board, backup.content.string()));
    std::filesystem::path receipt = backup.content;
    receipt.replace_extension(".receipt.json");
    const bool has_receipt = std::filesystem::exists(receipt);
    if (has_receipt) session.terminal.print(fmt::format("    {}", receipt.string()));
    all.push_back({{"date", backup.facts.date},
                   {"chip", backup.facts.chip},
                   {"id", backup.facts.id},
                   {"board", backup.facts.board},
                   {"size", backup.size},
                   {"sha512", backup.sha512},
                   {"content", backup.content.string()},
                   {"receipt", has_receipt ? Json(receipt.string()) : Json(nullptr)}});
  }
  for (const std::string& problem : problems) session.terminal.warning(problem);
  if (all.empty()) session.terminal.note("no backups");
  session.terminal.print_json({{"backups", all}});
}

void declare(Arguments& command, Session& session) {
  command.subcommand("list", "the backups, newest first").work([&session] { list(session); });
}

}  // namespace

extern const CommandEntry command_backup{"backup", "lists the backups that were made", declare};

}  // namespace romwright::cli
