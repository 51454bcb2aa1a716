// SPDX-License-Identifier: GPL-2.0-or-later
// romwright flashprog: flashprog's and flashrom's own options, for scripts and documents that
// exist.
#include <memory>

#include <fmt/format.h>

#include "flash/base/version.h"
#include "toolkit/cli/flashprog/work.h"

namespace romwright::cli {
namespace {

int run(const std::vector<std::string>& words, Session& session) {
  flashprog::Request request;
  flashprog::Log plain(0, false, session.terminal);
  try {
    request = flashprog::parse_request(words);
    flashprog::Log log(request.verbosity, request.progress, session.terminal);
    if (!request.log_file.empty()) log.open(request.log_file);
    if (request.help) {
      log.say(flashprog::help_text());
      return flashprog::exit_done;
    }
    log.say(fmt::format("romwright {}, as flashprog\n", version));
    return request.version ? flashprog::exit_done : flashprog::work(request, log, session);
  } catch (const UsageError& error) {
    plain.error(fmt::format("Error: {}", error.line()));
    plain.say("Please run \"romwright flashprog --help\" for usage info.\n");
    return flashprog::exit_failed;
  }
}

void declare(Arguments& command, Session& session) {
  auto words = std::make_shared<std::vector<std::string>>();
  command.everything(*words);
  command.work([words, &session] { session.status = run(*words, session); });
}

}  // namespace

extern const CommandEntry command_flashprog{
    "flashprog", "takes flashprog's and flashrom's own options, with their exit codes", declare};

}  // namespace romwright::cli
