// SPDX-License-Identifier: GPL-2.0-or-later
// romwright resume: finishes the last interrupted write from its journal.
#include "toolkit/cli/recovery.h"

namespace romwright::cli {
namespace {

void resume(const RecoveryOptions& options, Session& session) {
  recover(options, flash::Recovery::finish, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, resume); }

}  // namespace

extern const CommandEntry command_resume{
    "resume", "finishes the last interrupted write from its journal", declare};

}  // namespace romwright::cli
