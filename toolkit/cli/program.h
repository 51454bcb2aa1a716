// SPDX-License-Identifier: GPL-2.0-or-later
// The whole command line as one tree: what `romwright` parses, and what its manual pages and shell
// completions are made from.
#pragma once

#include <string>

#include "toolkit/cli/command.h"

namespace CLI {
class App;
}

namespace romwright::cli {

/// What every command takes, besides what goes to the session at once.
struct CommonOptions {
  std::string log;            ///< --log
  std::string configuration;  ///< --config
  bool no_configuration = false;
};

/// Name and description of the program.
inline constexpr const char* program_name = "romwright";
extern const std::string_view program_about;

/// Declares everything on `app`. All three live until it was parsed. When it was, and before any
/// command begins its work, the log is opened and the configuration read.
void declare_program(CLI::App& app, CommonOptions& common, Session& session);

/// Opens the log of the command line, where it names one and it is not open yet.
void open_log(const CommonOptions& common, Session& session);

/// "romwright 0.1.0", then one line for each library.
std::string version_text();

}  // namespace romwright::cli
