// SPDX-License-Identifier: GPL-2.0-or-later
// What is wrong with a command line that could not be parsed, in the program's own words.
#pragma once

#include "flash/base/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace romwright::cli {

/// The reason why `program` refused a command line with `error`: every unknown option, or the
/// unknown command, with the nearest name that there is; else what the parser says.
[[nodiscard]] UsageError usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace romwright::cli
