// SPDX-License-Identifier: GPL-2.0-or-later
// The subcommands of `romwright vendor`, one file each.
#pragma once

#include "toolkit/cli/command.h"

namespace romwright::cli {

void declare_vendor_list(Arguments& command, Session& session);
void declare_vendor_fetch(Arguments& command, Session& session);
void declare_vendor_check(Arguments& command, Session& session);
void declare_vendor_extract(Arguments& command, Session& session);
void declare_vendor_bundle(Arguments& command, Session& session);

}  // namespace romwright::cli
