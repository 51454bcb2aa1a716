// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "packaging/pages/completion.h"
#include "packaging/pages/shell_text.h"

namespace romwright::pages {

namespace {

/// What _arguments does with a value: ":FILE: _romwright_value file".
std::string action(const std::string& value) {
  const std::string kind = value_kind(value);
  const std::string message = escaped(value, ":\\");
  if (!kind.starts_with("words:")) return fmt::format(":{}: _romwright_value {}", message, kind);
  std::string words = kind.substr(kind.find(':') + 1);
  std::ranges::replace(words, '|', ' ');
  return fmt::format(":{}:({})", message, words);
}

/// A line for each name of `option`.
std::string option_lines(const Argument& option) {
  std::string text;
  for (const std::string& name : option.names) {
    std::string spec = "*";
    if (!option.repeated) {
      std::vector<std::string> others = option.names;
      others.insert(others.end(), option.excludes.begin(), option.excludes.end());
      spec = fmt::format("({})", fmt::join(others, " "));
    }
    spec += name;
    if (!option.value.empty() && name.starts_with("--")) spec += '=';
    spec += fmt::format("[{}]", escaped(option.help, "[]\\"));
    if (!option.value.empty()) spec += action(option.value);
    text += fmt::format("    {}\n", shell_quoted(spec));
  }
  return text;
}

std::string positional_line(const Argument& positional) {
  // "::" is what may be left out.
  const char* start = positional.repeated ? "*" : positional.required ? "" : ":";
  return fmt::format("    {}\n", shell_quoted(start + action(positional.value)));
}

std::string function(const Command& command, bool is_program) {
  const std::string page = command.page();
  std::string text = fmt::format("_{}() {{\n", page);
  if (is_program) text += "  local program=$words[1]\n";
  text += "  local curcontext=$curcontext state line\n  local -a commands arguments\n";
  text += "  arguments=(\n";
  for (const Argument& option : command.options) text += option_lines(option);
  for (const Argument& positional : command.positionals) text += positional_line(positional);
  if (!command.commands.empty()) text += "    '1:command:->command'\n    '*::argument:->below'\n";
  text += "  )\n";
  const char* common = is_program || !command.verbatim.empty() ? "" : "$_romwright_common ";
  if (command.commands.empty())
    return text + fmt::format("  _arguments -s -S {}$arguments\n}}\n\n", common);
  text += "  commands=(\n";
  for (const Command& below : command.commands)
    text += fmt::format("    {}\n", shell_quoted(below.path.back() + ':' + below.help));
  text += "  )\n";
  return text + fmt::format(
                    "  _arguments -s -S -C {}$arguments && return\n"
                    "  _romwright_below {}\n}}\n\n",
                    common, page);
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string tables = "typeset -ga _romwright_common\n_romwright_common=(\n";
  for (const Argument& option : common_options(program)) tables += option_lines(option);
  tables += ")\n\ntypeset -gA _romwright_parameters\n_romwright_parameters=(\n";
  for (const ProgrammerWords& programmer : programmer_words())
    tables += fmt::format("  {} {}\n", programmer.name,
                          shell_quoted(fmt::format("{}", fmt::join(programmer.parameters, " "))));
  tables += ")\n\n";
  for (const Command* command : all_commands(program))
    tables += function(*command, command == &program);
  return with_tables(script_zsh(), tables);
}

}  // namespace romwright::pages
