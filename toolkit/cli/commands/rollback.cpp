// SPDX-License-Identifier: GPL-2.0-or-later
// romwright rollback: undoes the last interrupted write from its journal.
#include "toolkit/cli/recovery.h"

namespace romwright::cli {
namespace {

void rollback(const RecoveryOptions& options, Session& session) {
  recover(options, flash::Recovery::undo, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, rollback); }

}  // namespace

extern const CommandEntry command_rollback{
    "rollback", "undoes the last interrupted write from its journal", declare};

}  // namespace romwright::cli
