// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "packaging/pages/completion.h"
#include "packaging/pages/shell_text.h"

namespace romwright::pages {

namespace {

/// A function that sets REPLY by its first argument; `cases` are patterns with what REPLY becomes.
std::string function(std::string_view name,
                     const std::vector<std::pair<std::string, std::string>>& cases) {
  std::string text = fmt::format("{}() {{\n  REPLY=\n  case $1 in\n", name);
  for (const auto& [pattern, reply] : cases)
    text += fmt::format("    {}) REPLY={} ;;\n", pattern, shell_quoted(reply));
  return text + "  esac\n}\n\n";
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::vector<std::pair<std::string, std::string>> commands, options, operands, parameters;
  std::map<std::string, std::vector<std::string>> kinds;
  for (const Command* command : all_commands(program)) {
    const std::string at = typed(*command);
    std::vector<std::string> words;
    for (const Command& below : command->commands) words.push_back(below.path.back());
    if (!words.empty())
      commands.emplace_back(shell_quoted(at), fmt::format("{}", fmt::join(words, " ")));
    words.clear();
    for (const Argument& option : command->options)
      for (const std::string& name : option.names) {
        words.push_back(name);
        kinds[option.value.empty() ? "flag" : value_kind(option.value)].push_back(
            shell_quoted(at + ' ' + name));
      }
    if (command != &program && command->verbatim.empty())
      for (const Argument& option : common_options(program))
        words.insert(words.end(), option.names.begin(), option.names.end());
    options.emplace_back(shell_quoted(at), fmt::format("{}", fmt::join(words, " ")));
    words.clear();
    for (const Argument& positional : command->positionals) {
      words.push_back(value_kind(positional.value));
      if (positional.repeated) words.emplace_back("...");
    }
    if (!words.empty())
      operands.emplace_back(shell_quoted(at), fmt::format("{}", fmt::join(words, " ")));
  }
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [kind, patterns] : kinds)
    values.emplace_back(fmt::format("{}", fmt::join(patterns, "|\\\n    ")), kind);
  std::vector<std::string> names;
  for (const ProgrammerWords& programmer : programmer_words()) {
    names.push_back(programmer.name);
    parameters.emplace_back(shell_quoted(programmer.name),
                            fmt::format("{}", fmt::join(programmer.parameters, " ")));
  }
  parameters.emplace_back("''", fmt::format("{}", fmt::join(names, " ")));
  return with_tables(script_bash(), function("_romwright_commands", commands) +
                                        function("_romwright_options", options) +
                                        function("_romwright_kind", values) +
                                        function("_romwright_operands", operands) +
                                        function("_romwright_parameters", parameters));
}

}  // namespace romwright::pages
