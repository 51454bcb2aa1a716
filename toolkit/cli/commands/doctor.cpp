// SPDX-License-Identifier: GPL-2.0-or-later
// romwright doctor: what would stop a write here, and the remedy for each.
#include "toolkit/pipeline/doctor.h"

#include <fmt/format.h>

#include "toolkit/cli/board_options.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/cli/json.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  std::string board;
  ManifestOptions manifests;
  unsigned times = 1;
  void declare(Arguments& command) {
    device.declare(command);
    command.optional("--board", board, "the board that this machine should be", "BOARD");
    manifests.declare(command);
    command.number("--times", times, 1, 100, "reads the chip so often, and compares");
  }
};

void doctor(const Options& options, Session& session) {
  pipeline::DoctorRequest request{
      options.device.programmers, options.device.chips, {}, options.times, {}};
  request.backups = backup_directory(session.configuration);
  if (!options.board.empty())
    request.board = manifests::Catalogue(manifest_directories(options.manifests.directories))
                        .board(options.board);
  Run run = session.run();
  const pipeline::Findings findings =
      pipeline::examine(request, flash::SystemFiles::of_machine(), run);
  Json checks = Json::array();
  for (const Finding& finding : findings) {
    session.terminal.print(
        fmt::format("{:<8} {}: {}", to_string(finding.status), finding.name, finding.what));
    if (!finding.remedy.empty()) session.terminal.print(fmt::format("         {}", finding.remedy));
    checks.push_back({{"name", finding.name},
                      {"status", to_string(finding.status)},
                      {"what", finding.what},
                      {"remedy", finding.remedy}});
  }
  const bool ready = pipeline::may_write(findings);
  session.terminal.print(ready ? "nothing that was found stops a write"
                               : "a write is stopped: see each problem");
  session.terminal.print_json({{"checks", checks}, {"ready", ready}});
  session.status = ready ? exit_done : exit_refused;
}

void declare(Arguments& command, Session& session) { on_command(command, session, doctor); }

}  // namespace

extern const CommandEntry command_doctor{
    "doctor", "what would stop a write here, and the remedy for each", declare};

}  // namespace romwright::cli
