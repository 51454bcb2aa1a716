// SPDX-License-Identifier: GPL-2.0-or-later
// Completion for shells: a script each, whose tables are written from the command line.
#pragma once

#include <string>
#include <string_view>

#include "packaging/pages/command_line.h"

namespace romwright::pages {

/// What may stand for a value, in the words of the scripts: "board", "programmer", "chip", "recipe"
/// (asked of the program), "file", "dir", "words:full|written", or "none" for what nobody knows.
/// `value` is as in Argument::value.
[[nodiscard]] std::string value_kind(std::string_view value);

[[nodiscard]] std::string bash_completion(const Command& program);
[[nodiscard]] std::string zsh_completion(const Command& program);
[[nodiscard]] std::string fish_completion(const Command& program);

}  // namespace romwright::pages
