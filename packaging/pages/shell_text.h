// SPDX-License-Identifier: GPL-2.0-or-later
// What the scripts of several shells have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packaging/pages/command_line.h"

namespace romwright::pages {

// The scripts that the tables are put into.
std::string_view script_bash();
std::string_view script_zsh();
std::string_view script_fish();

/// `script` with `tables` in place of its line "# TABLES".
[[nodiscard]] std::string with_tables(std::string_view script, std::string_view tables);

/// `text` with `escape` in front of each of `characters`.
[[nodiscard]] std::string escaped(std::string_view text, std::string_view characters,
                                  std::string_view escape = "\\");

/// 'text' for bash and zsh.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// "romwright vendor fetch"
[[nodiscard]] std::string typed(const Command& command);

/// The options of `program` that its commands take too: all but those that end it at once.
[[nodiscard]] std::vector<Argument> common_options(const Command& program);

/// A programmer with its parameters as "KEY=KIND", KIND being a value_kind.
struct ProgrammerWords {
  std::string name;
  std::string title;
  std::vector<std::string> parameters;
};
[[nodiscard]] std::vector<ProgrammerWords> programmer_words();

}  // namespace romwright::pages
