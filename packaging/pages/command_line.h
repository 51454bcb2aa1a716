// SPDX-License-Identifier: GPL-2.0-or-later
// The command line as data: what `--help` shows, for who writes pages and completions from it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace romwright::pages {

/// An option, or a positional argument.
struct Argument {
  std::vector<std::string> names;  ///< "-o", "--output"; of a positional argument "INPUT"
  std::string value;               ///< "FILE", "full|written"; empty for a flag
  std::string help;
  std::string preset;  ///< the value that it has when it is not given, where help shows one
  bool required = false;
  bool repeated = false;
  std::vector<std::string> excludes;  ///< the options that may not be given beside it
};

struct Command {
  std::vector<std::string> path;  ///< "romwright", "vendor", "fetch"
  std::string help;
  std::vector<Argument> options;
  std::vector<Argument> positionals;  ///< their value is their name
  std::vector<Command> commands;      ///< those below it
  std::string verbatim;               ///< where it reads its options itself: the text of its help

  /// "romwright-vendor-fetch"
  [[nodiscard]] std::string page() const;
};

/// The whole command line of romwright.
[[nodiscard]] Command command_line();

/// `command` and all below it, a command before those below it.
[[nodiscard]] std::vector<const Command*> all_commands(const Command& command);

/// The options that a text of help shows, lines such as " -r, --read FILE   reads the chip".
[[nodiscard]] std::vector<Argument> options_of_text(const std::string& text);

}  // namespace romwright::pages
