// SPDX-License-Identifier: GPL-2.0-or-later
// What a command is: one file in toolkit/cli/commands, which defines `command_<file>`; the build
// collects them in a table.
#pragma once

#include <atomic>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/table.h"
#include "toolkit/cli/arguments.h"
#include "toolkit/cli/terminal.h"

namespace romwright::cli {

/// What every command is handed.
struct Session {
  Terminal terminal;
  std::stop_source stop;
  std::atomic<int> signal{0};              ///< the one that asked to stop, 0 for none
  bool yes = false;                        ///< --yes: every question is answered so
  int status = 0;                          ///< what the program returns when no error is thrown
  std::string command_line;                ///< as typed, for receipts
  manifests::Configuration configuration;  ///< the user's settings; empty with --no-config

  [[nodiscard]] Run run() { return {stop.get_token(), terminal}; }
};

struct CommandEntry {
  std::string_view name;
  std::string_view help;
  /// Declares what the command takes, and its work.
  void (*declare)(Arguments& command, Session& session);
};

/// Every command, in alphabetical order.
Table<CommandEntry> commands();

}  // namespace romwright::cli
