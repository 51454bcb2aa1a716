// SPDX-License-Identifier: GPL-2.0-or-later
// romwright: reads the command line, runs one command, turns errors into exit statuses.
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <sstream>
#include <system_error>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toolkit/cli/exit_status.h"
#include "toolkit/cli/program.h"
#include "toolkit/cli/signals.h"
#include "toolkit/cli/usage_error.h"

namespace romwright::cli {
namespace {

/// CLI11's errors are usage errors; --help and --version are none.
int usage(CLI::App& app, const CLI::ParseError& error, Session& session) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    // Not flushed yet: whether it can be written is seen at the end.
    std::ostringstream text;
    const int status = app.exit(error, text);
    std::cout << text.str();
    return status;
  }
  session.terminal.error(usage_error(app, error));
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
      return usage(app, error, session);
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

/// A file that is opened must never become a standard stream that was closed: what is printed
/// would go into it.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != stream) std::abort();
}

/// Results that are lost are a failure, but not where their reader has seen enough.
int status_of_output(int status, Session& session) {
  const int error = session.terminal.output_error();
  if (error == 0 || error == EPIPE) return status;
  session.terminal.error(
      Error(fmt::format("standard output: {}", std::generic_category().message(error)),
            "the results are incomplete"));
  return status == exit_done ? exit_failed : status;
}

int logged_run(int argc, char** argv) {
  open_standard_streams();
  Session session;
  CommonOptions common;
  for (int i = 0; i < argc; ++i) session.command_line += fmt::format("{}{}", i ? " " : "", argv[i]);
  const int status = status_of_output(run(argc, argv, common, session), session);
  session.terminal.log("end", fmt::format("exit status {}", status));
  return status;
}

}  // namespace
}  // namespace romwright::cli

int main(int argc, char** argv) { return romwright::cli::logged_run(argc, argv); }
