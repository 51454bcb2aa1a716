// SPDX-License-Identifier: GPL-2.0-or-later
// romwright: reads the command line, runs one command, turns errors into exit statuses.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "flash/base/nearest.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/cli/program.h"
#include "toolkit/cli/signals.h"

namespace romwright::cli {
namespace {

/// The first word that is no option and no command.
std::string unknown_command(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (argv[i][0] != '-') return find_entry(commands(), argv[i]) == nullptr ? argv[i] : "";
  return {};
}

/// CLI11's errors are usage errors; --help and --version are none.
int usage(CLI::App& app, const CLI::ParseError& error, Session& session,
          const std::string& unknown) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);
  if (!unknown.empty()) {
    std::vector<std::string_view> names;
    for (const CommandEntry* entry : commands()) names.push_back(entry->name);
    const std::string close = nearest(unknown, names);
    session.terminal.error(UsageError(
        fmt::format("unknown command '{}'", unknown),
        close.empty() ? "see 'romwright --help'" : fmt::format("did you mean '{}'?", close)));
    return exit_usage;
  }
  const auto used = app.get_subcommands();
  const std::string where = used.empty() ? "" : used.front()->get_name() + " ";
  session.terminal.error(UsageError(error.what(), fmt::format("see 'romwright {}--help'", where)));
  return exit_usage;
}

int run(int argc, char** argv, CommonOptions& common, Session& session) {
  const SignalWatcher watcher(session);
  CLI::App app;
  declare_program(app, common, session);
  try {
    try {
      app.parse(argc, argv);
      return session.status;
    } catch (const CLI::ParseError& error) {
      open_log(common, session);
      return usage(app, error, session, unknown_command(argc, argv));
    }
  } catch (const InterruptedError& error) {
    // What stopped only knows that it was asked to; which signal did, the watcher knows.
    session.terminal.error(error);
    return 128 + (session.signal != 0 ? session.signal.load() : error.signal());
  } catch (const Error& error) {
    session.terminal.error(error);
    return exit_status(error);
  } catch (const std::bad_alloc&) {
    session.terminal.error(Error("out of memory"));
  } catch (const std::exception& error) {
    session.terminal.error(Error(error.what()));
  }
  return exit_failed;
}

int logged_run(int argc, char** argv) {
  Session session;
  CommonOptions common;
  for (int i = 0; i < argc; ++i) session.command_line += fmt::format("{}{}", i ? " " : "", argv[i]);
  const int status = run(argc, argv, common, session);
  session.terminal.log("end", fmt::format("exit status {}", status));
  return status;
}

}  // namespace
}  // namespace romwright::cli

int main(int argc, char** argv) { return romwright::cli::logged_run(argc, argv); }
