// SPDX-License-Identifier: GPL-2.0-or-later
// All programmers; the build makes the table from the files of this folder.
#pragma once

#include "flash/bus/programmer.h"

namespace romwright::flash {

/// Every programmer that this build has, in alphabetical order.
Table<ProgrammerEntry> programmers();

}  // namespace romwright::flash
